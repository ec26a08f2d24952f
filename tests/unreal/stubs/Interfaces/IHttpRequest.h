#pragma once

#include "Interfaces/IHttpResponse.h"

class IHttpRequest;
using FHttpRequestPtr = TSharedPtr<IHttpRequest, ESPMode::ThreadSafe>;

using FHttpRequestCompleteDelegate = TDelegate<FHttpRequestPtr, FHttpResponsePtr, bool>;
/* Sent and received bytes. */
using FHttpRequestProgressDelegate64 = TDelegate<FHttpRequestPtr, uint64, uint64>;

class IHttpRequest : public IHttpBase
{
public:
	virtual void SetVerb(const FString& Verb) = 0;
	virtual void SetURL(const FString& Url) = 0;
	virtual void SetContent(const TArray<uint8>& Bytes) = 0;
	virtual void SetHeader(const FString& Name, const FString& Value) = 0;
	virtual void SetTimeout(float Seconds) = 0;
	virtual bool ProcessRequest() = 0;
	virtual void CancelRequest() = 0;
	virtual FHttpRequestCompleteDelegate& OnProcessRequestComplete() = 0;
	virtual FHttpRequestProgressDelegate64& OnRequestProgress64() = 0;
};
