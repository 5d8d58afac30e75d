"""The pages of those who steer: today, figures, rules, files, the team, the audit trail."""
