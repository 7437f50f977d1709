"""One instance as the peers read it, and a search for a derivation that shares no code with the solver in Rust.

An instance is a line of JSON: {"nodes", "start": [node..], "goal": node, "arcs": [[head, [need..], variant]..],
"stops": [[[defence..]..] per variant], "costs": [cost..]}. An arc fires when all its needs are held, unless a set of
its variant's stops is in force completely. Costs are whole numbers; seconds are wall clock.
"""

import json
import os
import sys
import time
from collections import deque


class Instance:
    """Arcs by the node that they need, and stops by variant."""

    def __init__(self, read):
        self.start = read["start"]
        self.goal = read["goal"]
        self.costs = read["costs"]
        self.stops = [[tuple(s) for s in sets] for sets in read["stops"]]
        self.head = [arc[0] for arc in read["arcs"]]
        self.needs = [arc[1] for arc in read["arcs"]]
        self.variant = [arc[2] for arc in read["arcs"]]
        self.users = [[] for _ in range(read["nodes"])]
        for arc, needs in enumerate(self.needs):
            for need in needs:
                self.users[need].append(arc)

    def derivation(self, on):
        """Variants of the arcs of some derivation of the goal while the defences `on` are in force; None if the goal
        cannot be had. Arcs fire in the order of a breadth-first search, each node keeps the first that granted it."""
        closed = [any(all(d in on for d in s) for s in sets) for sets in self.stops]
        left = [0] * len(self.head)
        by = [-1] * len(self.users)
        held = bytearray(len(self.users))
        queue = deque(self.start)
        for node in self.start:
            held[node] = 1
        while queue and not held[self.goal]:
            for arc in self.users[queue.popleft()]:
                if closed[self.variant[arc]] or held[self.head[arc]]:
                    continue
                left[arc] += 1
                if left[arc] == len(self.needs[arc]):
                    held[self.head[arc]] = 1
                    by[self.head[arc]] = arc
                    queue.append(self.head[arc])
        if not held[self.goal]:
            return None
        variants, seen, stack = set(), {self.goal}, [self.goal]
        while stack:
            arc = by[stack.pop()]
            if arc < 0:
                continue
            variants.add(self.variant[arc])
            for need in self.needs[arc]:
                if need not in seen:
                    seen.add(need)
                    stack.append(need)
        return variants


def answer(solve):
    """Answers each line of standard input by the optimum's cost, `none` if there is no cut, and the seconds taken. What
    a library prints goes to standard error."""
    told = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        read = json.loads(line)
        begun = time.perf_counter()
        cost = solve(read)
        taken = time.perf_counter() - begun
        print("none" if cost is None else cost, f"{taken:.6f}", file=told, flush=True)
