"""What a team or a task costs from who is in it: the sums that Timefold's streams ask for.

Plain functions of lists of numbers, since Timefold translates them to Java: no class of ours,
nothing clever, and no annotation, which it would hold them to. People, teams and candidates are
numbers. The same `tenures` that is priced during the search reads the plan off at the end.
"""

from __future__ import annotations


def tenures(task, items):
    """(candidate, start, end) of a task, in order.

    Everybody who holds it does so until a fixed day, so the set of holders says their order.
    Whoever is left no day is not a holder.

    Args:
        task: a `timefold_facts.TaskFact`.
        items: a candidate c who is a link of the chain as c, a qualified member of the team as
            -1 - c; those in the task's team only.
    """
    links = [(task.ends[item], item) for item in items if item >= 0]
    links.sort()
    found = []
    after = task.start
    if task.forced >= 0:
        found.append((task.forced, max(after, task.ready[task.forced]), task.ends[task.forced]))
        after = task.ends[task.forced]
    for end, link in links:
        start = max(after, task.ready[link])
        if start < end and link != task.forced:
            found.append((link, start, end))
            after = end
    return found


def covered_days(task, items):
    """Days on which a task is covered."""
    chain = tenures(task, items)
    if len(chain) == 0:
        return 0
    members = [-1 - item for item in items if item < 0]
    covered = []
    for start, end in task.before:
        covered.append((start, min(end, chain[0][1])))
    for holder, since, until in chain:
        for start, end in task.presence[holder]:
            covered.append((max(start, since), min(end, until)))
        for member in members:
            ready = max(since, task.ready[member])
            for start, end in task.presence[member]:
                covered.append((max(start, ready), min(end, until)))
    return wanted_days(covered, 1)


def backed_days(task, items):
    """Person-days of present qualified members, as far as they are wanted."""
    if not task.has_team and len(tenures(task, items)) == 0:
        return 0
    there = []
    for item in items:
        if item < 0:
            for interval in task.presence[-1 - item]:
                there.append(interval)
    return wanted_days(there, task.wanted)


def wanted_days(intervals, wanted):
    """Person-days in intervals, at most so many a day; empty intervals are none."""
    events = []
    for start, end in intervals:
        if start < end:
            events.append((start, 1))
            events.append((end, -1))
    events.sort()
    total = 0
    number = 0
    before = 0
    for day, change in events:
        total += (day - before) * min(number, wanted)
        before = day
        number += change
    return total


def handovers(task, items):
    """Tenures after the first, and a first one that could have stayed."""
    chain = tenures(task, items)
    if len(chain) == 0:
        return 0
    changed = 1 if task.could_stay >= 0 and chain[0][0] != task.could_stay else 0
    return len(chain) - 1 + changed


def loads(task, items):
    """(person, start, end, load) of every tenure of a task."""
    return [(task.people[c], since, until, task.load) for c, since, until in tenures(task, items)]


def overload(held, load_limit, task_limit):
    """By how much one person's tenures exceed the limits, summed over the days one begins."""
    excess = 0
    for _person, day, _until, _load in held:
        load = 0
        number = 0
        for _other, start, end, more in held:
            if start <= day and day < end:
                load += more
                number += 1
        excess += max(0, load - load_limit) + max(0, number - task_limit)
    return excess


def present_days(need, members):
    """Person-days of present members, as far as a need or a demand wants them."""
    there = []
    for member in members:
        for interval in need.presence[member]:
            there.append(interval)
    return wanted_days(there, need.wanted)


def concentrated(sectors, share):
    """Whole people above the share, over the sectors of a team's starters; -1 is none known."""
    total = 0
    for sector in set(sectors):
        if sector >= 0:
            number = 0
            for other in sectors:
                if other == sector:
                    number += 1
            total += max(0, 100 * number - share * len(sectors)) // 100
    return total
