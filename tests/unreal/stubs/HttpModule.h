/* The engine's HTTP, by libcurl on a thread a request, as the engine's own on most platforms: it follows redirects. Callbacks
 * are made by Tick(), which the test calls once a frame. */
#pragma once

#include "Interfaces/IHttpRequest.h"

class FHttpModule
{
public:
	static FHttpModule& Get();
	TSharedRef<IHttpRequest, ESPMode::ThreadSafe> CreateRequest();
	void Tick();
	/* Requests whose end was not told. */
	int UnderWay() const;
};
