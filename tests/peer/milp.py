"""The cheapest cut of each instance on standard input, by a mixed integer program that HiGHS solves: a second opinion.

No row is told lazily: the whole question is one program. A binary variable per defence says whether it is in force, a
variable per set of defences whether all of it is, and a variable per node whether it can be had. An arc whose needs
can all be had and of which no set is in force makes its head one that can be had; the goal is not. Any set that cuts
gives a solution (the nodes that can be had), and any solution cuts, since what can be had is the least closed set.
The protocol is that of `instance.py`.
"""

import highspy

from instance import answer


def cut(read):
    """Cost of the cheapest set of defences after which the goal cannot be had; None if there is none."""
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    on = [highs.addVariable(0, 1, cost, highspy.HighsVarType.kInteger) for cost in read["costs"]]
    had = [highs.addVariable(0, 1, 0) for _ in range(read["nodes"])]
    complete = {}

    def whole(stop):
        if len(stop) == 1:
            return on[stop[0]]
        if stop not in complete:
            complete[stop] = highs.addVariable(0, 1, 0)
            for defence in stop:
                highs.addConstr(complete[stop] <= on[defence])
        return complete[stop]

    for node in read["start"]:
        highs.addConstr(had[node] >= 1)
    highs.addConstr(had[read["goal"]] <= 0)
    seen = set()
    for head, needs, variant in read["arcs"]:
        if head in needs or (head, tuple(needs), variant) in seen:
            continue
        seen.add((head, tuple(needs), variant))
        stops = {tuple(stop) for stop in read["stops"][variant]}
        given = sum(had[need] for need in needs) - len(needs) + 1
        highs.addConstr(had[head] + sum(whole(stop) for stop in stops) >= given)
    highs.run()
    if highs.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
        return None
    return round(highs.getObjectiveValue())


answer(cut)
