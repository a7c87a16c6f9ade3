import threading
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from jwt_verifier.errors import KeysUnavailable, KeyUnknown
from jwt_verifier.jwks_cache import KeysEvent
from tests.issuer import Issuer
from tests.signing_key import SigningKey

from .conftest import Cache, PublishedKeys

HOUR = 3600.0


@pytest.fixture
def kid(rotating_issuer: Issuer) -> str:
    return rotating_issuer.signing_key.kid


def ask(cache: Cache, kid: str) -> type[Exception] | None:
    try:
        assert cache.keys.key_for(kid).kid == kid
    except (KeyUnknown, KeysUnavailable) as error:
        return type(error)
    return None


def test_the_first_question_fetches_and_the_next_ones_do_not(cache: Cache, kid: str) -> None:
    for _ in range(600):
        assert ask(cache, kid) is None
        cache.advance(5)
    assert cache.source.fetches == 1
    assert cache.events == [KeysEvent.FETCHED]
    assert cache.details == ["1 keys"]


def test_fresh_keys_are_refreshed_at_the_hour(cache: Cache, kid: str) -> None:
    ask(cache, kid)
    cache.advance(HOUR - 1)
    ask(cache, kid)
    assert cache.source.fetches == 1
    cache.advance(1)
    ask(cache, kid)
    assert cache.source.fetches == 2


def test_a_withdrawn_key_stops_verifying_with_the_next_refresh(
    cache: Cache, rotating_issuer: Issuer, kid: str
) -> None:
    ask(cache, kid)
    old = rotating_issuer.signing_key
    new = rotating_issuer.rotate()
    rotating_issuer.withdraw(old)
    cache.advance(HOUR - 1)
    assert ask(cache, kid) is None
    cache.advance(1)
    assert ask(cache, kid) is KeyUnknown
    assert ask(cache, new.kid) is None


def test_skipped_keys_are_reported(cache: Cache, rotating_issuer: Issuer, kid: str) -> None:
    rotating_issuer.keys.append(replace(SigningKey.generate("RS256"), kid=kid))
    rotating_issuer.rotate()
    assert ask(cache, kid) is KeyUnknown
    assert cache.events == [KeysEvent.FETCHED, KeysEvent.KEYS_SKIPPED]
    assert cache.details == ["1 keys", "{'ambiguous_kid': 1}"]


def test_a_set_without_a_usable_key_withdraws_every_key_and_is_reported(
    cache: Cache, rotating_issuer: Issuer, kid: str
) -> None:
    ask(cache, kid)
    rotating_issuer.keys.clear()
    cache.advance(HOUR)
    assert ask(cache, kid) is KeyUnknown
    assert cache.events == [KeysEvent.FETCHED, KeysEvent.FETCHED, KeysEvent.NO_USABLE_KEY]
    assert cache.details[1:] == ["0 keys", "no token of the issuer can be verified"]


class TestOutage:
    def test_stale_keys_go_on_serving_until_the_bound(self, cache: Cache, kid: str) -> None:
        ask(cache, kid)
        cache.source.is_down = True
        for _ in range(24 * 60 - 1):
            cache.advance(60)
            assert ask(cache, kid) is None
        cache.advance(60)
        assert ask(cache, kid) is KeysUnavailable

    def test_the_first_stale_answer_and_every_failed_refresh_are_reported(
        self, cache: Cache, kid: str
    ) -> None:
        ask(cache, kid)
        cache.source.is_down = True
        cache.advance(HOUR)
        for _ in range(3):
            ask(cache, kid)
            cache.advance(60)
        assert cache.events == [
            KeysEvent.FETCHED,
            KeysEvent.FETCH_FAILED,
            KeysEvent.STALE_SERVED,
            KeysEvent.FETCH_FAILED,
            KeysEvent.FETCH_FAILED,
        ]
        assert cache.details[1:3] == ["the issuer is down", "3600 s old"]

    def test_the_next_outage_is_reported_again(self, cache: Cache, kid: str) -> None:
        ask(cache, kid)
        for _ in range(2):
            cache.source.is_down = True
            cache.advance(HOUR)
            ask(cache, kid)
            cache.source.is_down = False
            cache.advance(60)
            ask(cache, kid)
        assert cache.events.count(KeysEvent.STALE_SERVED) == 2

    def test_a_successful_refresh_serves_no_stale_answer(self, cache: Cache, kid: str) -> None:
        ask(cache, kid)
        cache.advance(HOUR)
        ask(cache, kid)
        assert KeysEvent.STALE_SERVED not in cache.events

    def test_tries_back_off_from_one_second_to_thirty(self, cache: Cache, kid: str) -> None:
        cache.source.is_down = True
        tries = []
        for second in range(200):
            before = cache.source.fetches
            assert ask(cache, kid) is KeysUnavailable
            if cache.source.fetches > before:
                tries.append(second)
            cache.advance(1)
        assert tries == [0, 1, 3, 7, 15, 31, 61, 91, 121, 151, 181]

    def test_a_cold_start_during_one_says_why_from_memory(self, cache: Cache, kid: str) -> None:
        cache.source.is_down = True
        for _ in range(1000):
            with pytest.raises(KeysUnavailable, match="^the issuer is down$"):
                cache.keys.key_for(kid)
        assert cache.source.fetches == 1

    def test_it_ends_with_the_first_good_answer(self, cache: Cache, kid: str) -> None:
        cache.source.is_down = True
        ask(cache, kid)
        cache.advance(1)
        ask(cache, kid)
        cache.source.is_down = False
        cache.advance(2)
        assert ask(cache, kid) is None
        cache.source.is_down = True
        cache.advance(HOUR)
        ask(cache, kid)
        cache.advance(1)
        ask(cache, kid)
        assert cache.source.fetches == 5

    def test_one_of_many_days_still_backs_off(self, cache: Cache, kid: str) -> None:
        cache.source.is_down = True
        for _ in range(1100):
            ask(cache, kid)
            cache.advance(30)
        assert cache.source.fetches == 1100

    def test_keys_past_the_bound_are_fetched_again_before_use(self, cache: Cache, kid: str) -> None:
        ask(cache, kid)
        cache.advance(25 * HOUR)
        assert ask(cache, kid) is None
        assert cache.source.fetches == 2

    def test_a_prefill_that_fails_is_reported_and_not_raised(self, cache: Cache) -> None:
        cache.source.is_down = True
        cache.keys.prefill()
        assert cache.events == [KeysEvent.FETCH_FAILED]

    def test_a_prefill_that_fails_does_not_silence_the_first_caller(
        self, cache: Cache, kid: str
    ) -> None:
        cache.source.is_down = True
        cache.keys.prefill()
        cache.source.is_down = False
        assert ask(cache, kid) is None

    def test_prefilling_again_and_again_backs_off_as_callers_do(self, cache: Cache) -> None:
        cache.source.is_down = True
        for _ in range(10):
            cache.keys.prefill()
        assert cache.source.fetches == 2

    def test_tries_back_off_from_the_first_callers_and_not_from_a_prefill(
        self, cache: Cache, kid: str
    ) -> None:
        cache.source.is_down = True
        cache.keys.prefill()
        tries = []
        for second in range(20):
            before = cache.source.fetches
            assert ask(cache, kid) is KeysUnavailable
            if cache.source.fetches > before:
                tries.append(second)
            cache.advance(1)
        assert tries == [0, 1, 3, 7, 15]

    def test_the_keys_address_is_looked_up_anew_with_every_refresh(
        self, cache: Cache, kid: str
    ) -> None:
        for hours in (0, 1, 25):
            cache.advance(hours * HOUR)
            ask(cache, kid)
        cache.source.is_down = True
        for seconds in (HOUR, 60):
            cache.advance(seconds)
            ask(cache, kid)
        assert cache.source.rediscoveries == [False, True, True, True, True]


class TestNothingThere:
    @pytest.mark.parametrize("nothing_there", [True, False])
    def test_what_the_source_says_of_an_address_that_never_had_keys_is_passed_on(
        self, cache: Cache, kid: str, nothing_there: bool
    ) -> None:
        def fail() -> None:
            raise KeysUnavailable("answered 404", nothing_there=nothing_there)

        cache.source.on_fetch = fail
        with pytest.raises(KeysUnavailable) as raised:
            cache.keys.key_for(kid)
        assert raised.value.nothing_there is nothing_there

    def test_an_address_that_once_had_keys_is_not_one_that_never_had(
        self, cache: Cache, kid: str
    ) -> None:
        def fail() -> None:
            raise KeysUnavailable("answered 404", nothing_there=True)

        ask(cache, kid)
        cache.source.on_fetch = fail
        cache.advance(25 * HOUR)
        with pytest.raises(KeysUnavailable) as raised:
            cache.keys.key_for(kid)
        assert raised.value.nothing_there is False

    def test_a_cache_holds_keys_once_the_issuer_has_published_some(
        self, cache: Cache, rotating_issuer: Issuer
    ) -> None:
        cache.source.is_down = True
        assert not cache.keys.holds_keys()
        cache.source.is_down = False
        cache.advance(1)
        assert cache.keys.holds_keys()
        rotating_issuer.keys.clear()
        cache.advance(HOUR)
        assert not cache.keys.holds_keys()


class TestUnknownKid:
    def test_a_storm_costs_two_fetches_a_minute(self, cache: Cache, kid: str) -> None:
        ask(cache, kid)
        cache.advance(60)
        start = cache.source.fetches
        for number in range(10_000):
            assert ask(cache, f"bogus-{number}") is KeyUnknown
            assert ask(cache, kid) is None
            cache.advance(60 / 10_000)
        assert cache.source.fetches - start == 2

    def test_a_new_key_works_at_once(self, cache: Cache, rotating_issuer: Issuer, kid: str) -> None:
        ask(cache, kid)
        cache.advance(30)
        assert ask(cache, rotating_issuer.rotate().kid) is None

    def test_a_kid_asked_for_before_it_is_published_is_unknown_for_the_cool_down_and_not_longer(
        self, cache: Cache, rotating_issuer: Issuer, kid: str
    ) -> None:
        ask(cache, kid)
        cache.advance(30)
        new = rotating_issuer.rotate()
        rotating_issuer.keys.remove(new)
        assert ask(cache, new.kid) is KeyUnknown
        rotating_issuer.keys.append(new)
        cache.advance(29.9)
        assert ask(cache, new.kid) is KeyUnknown
        cache.advance(0.1)
        assert ask(cache, new.kid) is None

    def test_one_kid_is_looked_for_as_often_as_different_ones(self, cache: Cache, kid: str) -> None:
        ask(cache, kid)
        for number in range(10):
            cache.advance(15)
            ask(cache, "bogus" if number % 2 else str(number))
        assert cache.source.fetches == 6

    def test_the_cool_down_counts_from_the_last_attempt_failed_or_not(
        self, cache: Cache, kid: str
    ) -> None:
        ask(cache, kid)
        cache.source.is_down = True
        cache.advance(29.9)
        with pytest.raises(KeyUnknown, match="^the issuer publishes no such kid$"):
            cache.keys.key_for("new")
        assert cache.source.fetches == 1
        cache.advance(0.1)
        with pytest.raises(KeysUnavailable, match="^the issuer is down$"):
            cache.keys.key_for("new")
        for _ in range(29):
            cache.advance(1)
            assert ask(cache, "other") is KeysUnavailable
        assert cache.source.fetches == 2
        cache.advance(1)
        ask(cache, "other")
        assert cache.source.fetches == 3

    def test_the_keys_address_is_looked_up_anew_once_a_kid_was_not_there(
        self, cache: Cache, rotating_issuer: Issuer, kid: str
    ) -> None:
        ask(cache, kid)
        for name in ("a", "b"):
            cache.advance(30)
            ask(cache, name)
        for name in (rotating_issuer.rotate().kid, "c"):
            cache.advance(30)
            ask(cache, name)
        assert cache.source.rediscoveries == [False, False, True, True, False]


class TestClocks:
    def test_setting_the_wall_clock_back_makes_one_refresh_due_and_wipes_nothing(
        self, cache: Cache, kid: str
    ) -> None:
        ask(cache, kid)
        cache.wall.seconds -= 100 * HOUR
        for _ in range(10):
            assert ask(cache, kid) is None
        assert cache.source.fetches == 2

    def test_setting_the_wall_clock_back_extends_no_trust(self, cache: Cache, kid: str) -> None:
        ask(cache, kid)
        cache.source.is_down = True
        cache.wall.seconds -= 100 * HOUR
        cache.advance(24 * HOUR)
        assert ask(cache, kid) is KeysUnavailable

    def test_a_monotonic_clock_that_stood_still_extends_no_trust(
        self, cache: Cache, kid: str
    ) -> None:
        ask(cache, kid)
        cache.source.is_down = True
        cache.wall.seconds += 24 * HOUR
        assert ask(cache, kid) is KeysUnavailable

    def test_a_restored_snapshot_refreshes_its_keys_before_use(
        self, cache: Cache, rotating_issuer: Issuer, kid: str
    ) -> None:
        ask(cache, kid)
        rotating_issuer.rotate()
        rotating_issuer.withdraw(rotating_issuer.keys[0])
        cache.wall.seconds += 7 * 24 * HOUR
        cache.monotonic.seconds = 0.0
        assert ask(cache, kid) is KeyUnknown

    def test_a_monotonic_clock_that_starts_anew_ends_the_cool_down_and_floods_nobody(
        self, cache: Cache, kid: str
    ) -> None:
        ask(cache, kid)
        cache.monotonic.seconds = 0.0
        for number in range(100):
            ask(cache, str(number))
        assert cache.source.fetches == 2

    def test_a_slow_fetch_dates_the_keys_from_its_beginning(self, cache: Cache, kid: str) -> None:
        cache.source.on_fetch = lambda: cache.advance(10)
        ask(cache, kid)
        cache.advance(HOUR - 10)
        ask(cache, kid)
        assert cache.source.fetches == 2

    def test_a_slow_failure_is_backed_off_from_its_end(self, cache: Cache, kid: str) -> None:
        cache.source.is_down = True
        cache.source.on_fetch = lambda: cache.advance(10)
        ask(cache, kid)
        ask(cache, kid)
        assert cache.source.fetches == 1


class TestThreads:
    def test_a_cold_start_of_many_is_one_fetch(self, cache: Cache, kid: str) -> None:
        started = threading.Barrier(16)
        released = threading.Event()

        def hold() -> None:
            released.wait(5)

        cache.source.on_fetch = hold
        answers: list[Any] = []

        def question() -> None:
            started.wait()
            answers.append(ask(cache, kid))

        threads = [threading.Thread(target=question) for _ in range(16)]
        for thread in threads:
            thread.start()
        released.set()
        for thread in threads:
            thread.join()
        assert answers == [None] * 16
        assert cache.source.fetches == 1

    def test_a_known_kid_never_waits_for_anothers_refresh(self, cache: Cache, kid: str) -> None:
        ask(cache, kid)
        cache.advance(HOUR)
        fetching, released = threading.Event(), threading.Event()

        def hold() -> None:
            fetching.set()
            released.wait(5)

        cache.source.on_fetch = hold
        slow = threading.Thread(target=ask, args=(cache, kid))
        slow.start()
        assert fetching.wait(5)
        assert ask(cache, kid) is None
        assert cache.source.fetches == 2
        released.set()
        slow.join()

    def test_an_unknown_kid_uses_the_fetch_that_another_has_begun(
        self, cache: Cache, rotating_issuer: Issuer, kid: str
    ) -> None:
        ask(cache, kid)
        cache.advance(30)
        new = rotating_issuer.rotate()
        fetching, released = threading.Event(), threading.Event()

        def hold() -> None:
            fetching.set()
            released.wait(5)

        cache.source.on_fetch = hold
        answers: list[Any] = []
        threads = [
            threading.Thread(target=lambda: answers.append(ask(cache, new.kid))) for _ in range(2)
        ]
        threads[0].start()
        assert fetching.wait(5)
        threads[1].start()
        released.set()
        for thread in threads:
            thread.join()
        assert answers == [None, None]
        assert cache.source.fetches == 2


def test_a_fault_of_ours_in_a_fetch_counts_as_an_attempt(cache: Cache, kid: str) -> None:
    def fail() -> None:
        raise RuntimeError("can't start new thread")

    ask(cache, kid)
    cache.advance(30)
    cache.source.on_fetch = fail
    with pytest.raises(RuntimeError):
        cache.keys.key_for("new")
    for _ in range(10):
        assert ask(cache, "new") is KeysUnavailable
    assert cache.source.fetches == 2


def test_a_fault_of_ours_at_a_cold_start_backs_off_as_an_outage_does(
    cache: Cache, kid: str
) -> None:
    def fail() -> None:
        raise RuntimeError("can't start new thread")

    cache.source.on_fetch = fail
    with pytest.raises(RuntimeError):
        cache.keys.key_for(kid)
    with pytest.raises(KeysUnavailable, match="^the last fetch failed$"):
        cache.keys.key_for(kid)
    assert cache.source.fetches == 1


def test_two_issuers_caches_know_nothing_of_each_other(cache: Cache, kid: str) -> None:
    other = Cache(PublishedKeys(Issuer("https://other.example")))
    ask(cache, kid)
    assert ask(other, kid) is KeyUnknown


class TestReplaced:
    def test_new_material_under_an_old_kid_is_found_once_a_cool_down(
        self, cache: Cache, rotating_issuer: Issuer, kid: str
    ) -> None:
        old = cache.keys.key_for(kid)
        rotating_issuer.keys[0] = replace(SigningKey.generate("RS256"), kid=kid)
        cache.advance(29.9)
        assert cache.keys.replaced(old) is None
        cache.advance(0.1)
        new = cache.keys.replaced(old)
        assert new is not None
        assert new.checks is not old.checks
        assert cache.keys.replaced(new) is None
        assert cache.source.rediscoveries == [False, False]

    def test_a_key_that_was_withdrawn_has_no_successor(
        self, cache: Cache, rotating_issuer: Issuer, kid: str
    ) -> None:
        old = cache.keys.key_for(kid)
        rotating_issuer.keys.clear()
        cache.advance(30)
        assert cache.keys.replaced(old) is None


@pytest.mark.parametrize("signs", [True, False])
def test_a_key_for_encryption_is_told_only_where_no_other_key_is_left(
    cache: Cache, rotating_issuer: Issuer, kid: str, signs: bool
) -> None:
    other = SigningKey.generate("RS256")
    encrypts = SimpleNamespace(jwk={**other.jwk, "use": "enc"})
    rotating_issuer.keys.append(encrypts)  # type: ignore[arg-type]
    if not signs:
        del rotating_issuer.keys[0]
    assert ask(cache, kid) is (None if signs else KeyUnknown)
    assert (KeysEvent.KEYS_SKIPPED in cache.events) is not signs
