"""All of Acuerdo's processes on PostgreSQL and Redis, with phones, mail and a provider of debits around them,
under traffic: broken on purpose, left alone, or driven as fast as they go.

The figures in seconds are a report of this machine in this minute; what must be 0 must be 0 on every machine.
"""
