"""What goes over the wire: closed models with examples, requests and answers.

The vocabulary of the problem itself (organisation, policy, scenario, plan, proposal, difference)
is that of `models`, and described by its own models.
"""
