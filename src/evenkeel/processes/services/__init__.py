"""SPM and SLM: what the provider offers, to whom, and what is promised (FitSM-1 PR1, PR2)."""
