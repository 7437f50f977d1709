"""The cheapest cut of each instance on standard input, by MaxSAT: RC2 of python-sat with clauses told lazily.

The optimum of the clauses known is tried; while a derivation of the goal is left, the clause that one of its arcs must
be stopped is added, and derivations that share no defence with it are looked for in the same round. A set of two
defences has a variable of its own that implies both. An instance may instead be {"hitting": [[element..]..], "costs"}:
then the cheapest hitting set is found. The protocol is that of `instance.py`.
"""

from pysat.examples.rc2 import RC2
from pysat.formula import WCNF

from instance import Instance, answer


def relaxed(costs):
    """A formula in which each defence costs what it does; defence d is variable d + 1."""
    formula = WCNF()
    for defence, cost in enumerate(costs):
        formula.append([-(defence + 1)], weight=cost)
    return formula


def hitting(read):
    """Cost of the cheapest hitting set; None if a conflict is empty."""
    formula = relaxed(read["costs"])
    for conflict in read["hitting"]:
        if not conflict:
            return None
        formula.append([member + 1 for member in conflict])
    with RC2(formula) as rc2:
        rc2.compute()
        return rc2.cost


def cut(read):
    """Cost of the cheapest set of defences after which the goal cannot be had; None if there is none."""
    instance = Instance(read)
    joint = {}
    with RC2(relaxed(instance.costs)) as rc2:

        def literal(stop):
            if len(stop) == 1:
                return stop[0] + 1
            if stop not in joint:
                joint[stop] = len(instance.costs) + 1 + len(joint)
                for defence in stop:
                    rc2.add_clause([-joint[stop], defence + 1])
            return joint[stop]

        while True:
            model = rc2.compute()
            on = {d for d in range(len(instance.costs)) if model[d] > 0}
            cost = sum(instance.costs[d] for d in on)
            done = True
            while (variants := instance.derivation(on)) is not None:
                stops = {stop for variant in variants for stop in instance.stops[variant]}
                if not stops:
                    return None
                done = False
                rc2.add_clause([literal(stop) for stop in sorted(stops)])
                on.update(d for stop in stops for d in stop)
            if done:
                return cost


answer(lambda read: hitting(read) if "hitting" in read else cut(read))
