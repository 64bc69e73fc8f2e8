"""What the field sends: propositions, reports of errors, answers to campaigns."""
