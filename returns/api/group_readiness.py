"""The readiness of a group over the API: people × requirements, the bill, and by when samples must be taken."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from migrants.models import Migrant
from partners.access import Permission
from returns.api import halts
from returns.matrix import Matrix, matrix_of
from returns.shopping import ShoppingList, shopping_list
from returns.ways import zones_of


class ColumnShape(serializers.Serializer[Any]):
    key = serializers.CharField()
    heading = serializers.CharField()
    number = serializers.IntegerField(allow_null=True)
    since = serializers.DateTimeField(allow_null=True)
    known_by = serializers.CharField(source="source")


class CellShape(serializers.Serializer[Any]):
    """`words` are few, `whole` says the evidence, what would put it right and what that costs."""

    key = serializers.CharField()
    verdict = serializers.CharField()
    words = serializers.CharField()
    whole = serializers.CharField()
    true_until = serializers.DateTimeField(allow_null=True)


class PersonReadinessShape(serializers.Serializer[Any]):
    person = serializers.UUIDField()
    verdict = serializers.CharField()
    worst = serializers.CharField()
    cells = CellShape(many=True)


class BillLineShape(serializers.Serializer[Any]):
    what = serializers.CharField()
    reason = serializers.CharField(source="line.reason")
    quantity = serializers.IntegerField(source="line.quantity")
    unit_price = serializers.DecimalField(source="line.unit_price", max_digits=16, decimal_places=2)
    amount = serializers.DecimalField(source="line.amount", max_digits=16, decimal_places=2)
    currency = serializers.CharField(source="line.currency")


class SamplingShape(serializers.Serializer[Any]):
    """`start_by` and `in_time` are known where the pace of the laboratory is."""

    tests = serializers.IntegerField()
    not_before = serializers.DateTimeField(allow_null=True)
    last_at = serializers.DateTimeField(allow_null=True)
    start_by = serializers.DateTimeField(allow_null=True)
    in_time = serializers.IntegerField(allow_null=True)


class GroupReadinessShape(serializers.Serializer[Any]):
    """`judged_for` is the planned hour at the barrier; without one everybody is judged as if they crossed now."""

    judged_for = serializers.DateTimeField(allow_null=True)
    ready = serializers.IntegerField()
    total = serializers.IntegerField()
    without_case = serializers.IntegerField()
    columns = ColumnShape(many=True)
    people = PersonReadinessShape(many=True)
    bill = BillLineShape(many=True)
    cost = serializers.DictField(child=serializers.DecimalField(max_digits=16, decimal_places=2))
    sampling = SamplingShape(allow_null=True)


class Groups(halts.Groups):
    """People who wait together at a crossing in one direction. POST opens one; the same `public_id` again opens nothing."""

    doors = {**halts.Groups.doors, "readiness": {Permission.SEE_PEOPLE}}

    @extend_schema(responses={200: GroupReadinessShape})
    @action(detail=True, methods=["get"])
    def readiness(self, request: Request, **place: Any) -> Response:
        """People × requirements at the planned hour with evidence, what it costs to put right, and when to take samples."""
        self.asked(None)
        group = self.get_object()
        zone = ZoneInfo(zones_of(group)[0])
        matrix = matrix_of(group, zone=zone, at=self.at)
        listed = shopping_list(group, matrix, zone=zone, at=self.at)
        people = dict(Migrant.objects.filter(pk__in=[row.person for row in matrix.rows]).values_list("pk", "public_id"))
        self.record_seen(people.values())
        return Response(GroupReadinessShape(_said(matrix, listed, people)).data)


def _said(matrix: Matrix, listed: ShoppingList, people: dict[int, Any]) -> dict[str, Any]:
    keys = [column.key for column in matrix.columns]
    return {
        "judged_for": matrix.barrier.planned if matrix.barrier else None,
        "ready": listed.ready,
        "total": listed.total,
        "without_case": matrix.without_case,
        "columns": matrix.columns,
        "people": [
            {
                "person": people[row.person],
                "verdict": row.judged.verdict.value,
                "worst": row.judged.worst.value,
                "cells": [
                    {
                        "key": key,
                        "verdict": cell.verdict,
                        "words": cell.words,
                        "whole": cell.whole,
                        "true_until": row.judged.findings[key].true_until,
                    }
                    for key, cell in zip(keys, row.cells, strict=True)
                ],
            }
            for row in matrix.rows
        ],
        "bill": listed.items,
        "cost": listed.totals,
        "sampling": listed.sampling,
    }
