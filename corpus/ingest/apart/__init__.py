"""Programs that take apart what is foreign, in a process of their own (see `dissect`); they import nothing of ours."""
