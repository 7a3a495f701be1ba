"""How actors choose: covariates, the model, fitting, shipped weights."""
