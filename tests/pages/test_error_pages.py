"""What people read when something is not there, not theirs, or not right: a sentence and a way on, never a stack trace."""

import re

import pytest
from django.template.loader import render_to_string
from django.test import Client

PAGES = ["400.html", "403.html", "403_csrf.html", "404.html", "429.html", "500.html"]


@pytest.mark.parametrize("name", PAGES)
def test_an_error_page_needs_nothing_and_says_what_to_do(name):
    said = render_to_string(name)
    heading = re.search(r"<h1>(.+?)</h1>\s*<p>(.+?)</p>", said)
    assert heading is not None
    assert len(heading[2]) > 60
    assert 'href="/"' in said
    assert "<script" not in said


@pytest.mark.django_db
def test_an_unknown_address_gives_our_page():
    given = Client().get("/nothing/here/")
    assert given.status_code == 404
    assert "There is nothing here" in given.text


@pytest.mark.django_db
def test_a_form_without_its_mark_gives_our_page():
    given = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "a@b.example"})
    assert given.status_code == 403
    assert "This page was open too long" in given.text


@pytest.mark.django_db
def test_a_wrong_password_is_said_above_the_form():
    given = Client().post("/accounts/login/", {"login": "nobody@homeward.example", "password": "wrong"})
    assert "One thing to mend" in given.text
    assert "nobody@homeward.example" in given.text
