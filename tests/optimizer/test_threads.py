"""Work in a thread: its result, its error, and how it ends before its time."""

import threading
from functools import partial

import pytest

from optimizer.threads import Stop, interruptible

LONGEST = 60
"""Seconds after which something hangs."""


class PressedEvent(threading.Event):
    """As if Ctrl-C was pressed while somebody waits."""

    def is_set(self) -> bool:
        raise KeyboardInterrupt


def test_the_result_comes_from_another_thread() -> None:
    here = threading.get_ident()
    assert interruptible(threading.get_ident, threading.Event(), lambda: None) != here


def test_an_error_is_the_callers() -> None:
    with pytest.raises(ZeroDivisionError):
        interruptible(lambda: 1 // 0, threading.Event(), lambda: None)


def test_who_is_told_to_stop_is_interrupted() -> None:
    stop, over = threading.Event(), threading.Event()
    stop.set()
    assert interruptible(partial(over.wait, LONGEST), stop, over.set)


def test_who_does_not_wait_any_more_leaves_nothing_running() -> None:
    over, ended = threading.Event(), threading.Event()

    def work() -> None:
        if over.wait(LONGEST):
            ended.set()

    with pytest.raises(KeyboardInterrupt):
        interruptible(work, PressedEvent(), over.set)
    assert ended.wait(LONGEST)


def test_many_run_at_once() -> None:
    together = threading.Barrier(20)
    asking = [
        threading.Thread(
            target=interruptible,
            args=(partial(together.wait, LONGEST), threading.Event(), together.abort),
        )
        for _ in range(20)
    ]
    for one in asking:
        one.start()
    for one in asking:
        one.join()
    assert not together.broken


def test_a_stop_is_set_by_itself_or_with_the_whole() -> None:
    whole = threading.Event()
    one, other = Stop(whole), Stop(whole)
    one.set()
    assert one.is_set()
    assert not other.is_set()
    assert not whole.is_set()
    whole.set()
    assert other.is_set()
