/* What the engine's header tool writes; here nothing is needed. */
