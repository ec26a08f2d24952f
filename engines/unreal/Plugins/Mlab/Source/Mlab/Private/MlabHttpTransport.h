// Performs a client's exchanges by the engine's HTTP module.

#pragma once

#include "CoreMinimal.h"

#include <mlab.hpp>

/**
 * The exchanges under way. Game thread only.
 *
 * The engine follows redirects by itself and cannot be told not to. What it got from another URL than the one it was asked for
 * is thrown away and reported as MLAB_E_REDIRECT; but with 307 and 308 the key in the body has been sent on by then. Use it
 * with an endpoint that does not redirect.
 */
class FMlabHttpTransport
{
public:
	FMlabHttpTransport();
	/** Cancels what is under way. */
	~FMlabHttpTransport();
	FMlabHttpTransport(const FMlabHttpTransport&) = delete;
	FMlabHttpTransport& operator=(const FMlabHttpTransport&) = delete;

	/** Begins an exchange. */
	void Start(mlab::exchange Exchange);
	/** Cancels the exchanges that nobody waits for any more. */
	void Tidy();

private:
	struct FTransfers;
	TSharedRef<FTransfers> Transfers;
};
