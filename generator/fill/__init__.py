"""Who fills a slot (a person, a recording, a model, an agent), what they are given, and how a body is proved.

The only part of Specwright that may use the network, the clock and the environment.
"""
