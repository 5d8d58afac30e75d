"""The desk, the managers' pages and every hot query over a year's records: a million conversations and ten
million messages on PostgreSQL, ten thousand conversations on SQLite.
"""
