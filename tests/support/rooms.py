"""The order inside an app, as a contract for import-linter: every module is on a layer, also one that nobody listed."""

from __future__ import annotations

from typing import cast

import grimp
from importlinter.contracts.layers import Layer, LayersContract, ModuleTail
from importlinter.domain.contract import ContractCheck
from importlinter.domain.helpers import module_expressions_to_modules

DOMAIN = "*"


class RoomsContract(LayersContract):
    """Layers in which `*` stands for every module of the app that no other layer names: the domain.

    So a new domain module is on its layer from its first line, and only faces, forms, models and what
    models stand on have fixed names. The domain modules may know each other (`acyclic_siblings` holds that they
    make no ring).
    """

    type_name = "rooms"

    def check(self, graph: grimp.ImportGraph, verbose: bool) -> ContractCheck:
        layers = cast("list[Layer]", self.layers)
        named = {tail.name for layer in layers for tail in layer.module_tails}
        apps = module_expressions_to_modules(graph, self.containers)  # type: ignore[arg-type] # a field is read as its value
        rest = {child.rpartition(".")[2] for app in apps for child in graph.find_children(app.name)} - named
        domain = Layer({ModuleTail(name, is_optional=True) for name in rest}, is_independent=False)
        self.layers = [  # type: ignore[assignment] # the same
            domain if _is_domain(layer) else layer for layer in layers
        ]
        return super().check(graph, verbose)


def _is_domain(layer: Layer) -> bool:
    return {tail.name for tail in layer.module_tails} == {DOMAIN}
