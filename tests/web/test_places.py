"""Who has a place, of which address, and who is to give it up."""

from __future__ import annotations

import pytest

from qkvtui.web.places import IDLE, Places


def refused(places: Places, address: str | None) -> bool:
    """Whether nobody from there is let in; who is takes a place."""
    if places.refusal(address) is not None:
        return True
    places.take(address, "en")
    return False


@pytest.mark.parametrize(
    ("one", "same", "other"),
    [
        ("192.0.2.1", "192.0.2.1", "192.0.2.2"),
        ("2001:db8::1", "2001:db8::ffff:1", "2001:db8:0:1::1"),
        ("::ffff:192.0.2.1", "192.0.2.1", "::ffff:192.0.2.2"),
        ("fe80::1%eth0", "fe80::2%eth0", "2001:db8::1"),
    ],
)
def test_one_address_has_so_many_places_and_no_more(one: str, same: str, other: str) -> None:
    """Somebody with thirty tabs, or with all addresses of a network, kept everybody else out."""
    places = Places(30, 2)
    assert [refused(places, address) for address in (one, same, same, one, other)] == [False, False, True, True, False]


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "127.9.9.9", "::ffff:127.0.0.1", None, ""])
def test_those_whom_a_server_in_front_hands_on_are_not_counted(address: str | None) -> None:
    """All visitors of a class would have been taken for one, who has too many places."""
    places = Places(30, 1)
    assert not any(refused(places, address) for _ in range(30))
    assert refused(places, address)


def test_without_a_limit_one_router_may_have_a_whole_class_behind_it() -> None:
    """The second pupil of a classroom was told that there are enough from that address."""
    places = Places(30, None)
    assert not any(refused(places, "192.0.2.1") for _ in range(30))


def test_a_place_that_is_left_counts_no_more() -> None:
    """Whoever reloaded the page was kept out by themselves."""
    places = Places(30, 1)
    taken, _ = places.take("192.0.2.1", "en")
    assert refused(places, "192.0.2.1")
    places.free(taken)
    places.free(taken)
    assert not refused(places, "192.0.2.1")


def test_who_waits_gets_the_place_that_was_used_least_lately_and_no_second_one() -> None:
    """One idle tab made room for everybody who came, until its process had ended: more than there are places for."""
    now = [0.0]
    places = Places(2, None, lambda: now[0])
    first, _ = places.take("192.0.2.1", "en")
    second, _ = places.take("192.0.2.2", "en")
    assert places.refusal("192.0.2.3") is not None
    now[0] = IDLE
    places.use(second)
    assert places.take("192.0.2.3", "en")[1] is first
    assert places.refusal("192.0.2.4") is not None
    places.free(first)
    assert places.refusal("192.0.2.4") is not None, "it was no longer theirs to give back"


def test_a_tab_that_was_left_open_does_not_keep_its_own_address_out() -> None:
    """Who had left a tab open at the other desk was told all day that enough are here from that address."""
    now = [0.0]
    places = Places(30, 2, lambda: now[0])
    left, _ = places.take("192.0.2.1", "en")
    other, _ = places.take("192.0.2.2", "en")
    now[0] = IDLE
    places.take("192.0.2.1", "en")
    assert places.refusal("192.0.2.1") is None
    assert places.take("192.0.2.1", "en")[1] is left, "and not the one of another address"
    assert places.refusal("192.0.2.1") is not None
    assert places.take("192.0.2.2", "en")[1] is None, "there is room"
    assert other.last_used == 0
