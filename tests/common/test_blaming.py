"""What the domain refuses is undone, and stands in the form that asked for it."""

import pytest
from django import forms

from accounts.models import User
from common.forms import blaming
from common.refusals import RefusalError
from tests.cast import NOW

pytestmark = pytest.mark.django_db


class NameForm(forms.Form):
    name = forms.CharField()


@pytest.fixture
def form():
    filled_in = NameForm({"name": "Somebody"})
    assert filled_in.is_valid()
    return filled_in


def opened(form, refusal=None):
    """Open an account, then be refused or not; tells whether the block was left from within."""
    with blaming(form):
        User.objects.create(email="somebody@example.org", joined_at=NOW)
        if refusal is not None:
            raise refusal
        return True
    return False


def test_whoever_is_refused_nothing_leaves_with_what_was_done(form):
    assert opened(form)
    assert User.objects.exists()
    assert form.is_valid()


@pytest.mark.parametrize(("field", "place"), [("name", "name"), ("", "__all__"), ("strange", "__all__")])
def test_a_refusal_undoes_all_and_stands_beside_the_field_that_it_names_or_above(form, field, place):
    assert not opened(form, RefusalError(field, "Choose another."))
    assert not User.objects.exists()
    assert form.errors == {place: ["Choose another."]}


def test_what_is_no_refusal_goes_on(form):
    with pytest.raises(KeyError):
        opened(form, KeyError("strange"))
    assert not form.errors
