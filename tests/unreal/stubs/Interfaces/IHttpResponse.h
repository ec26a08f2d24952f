#pragma once

#include "CoreMinimal.h"

enum class EHttpFailureReason : uint8
{
	None,
	ConnectionError,
	Cancelled,
	TimedOut,
	Other,
};

class IHttpBase
{
public:
	virtual ~IHttpBase() = default;
	virtual const FString& GetURL() const = 0;
	virtual const FString& GetEffectiveURL() const = 0;
	virtual EHttpFailureReason GetFailureReason() const = 0;
	virtual FString GetHeader(const FString& Name) const = 0;
	virtual TArray<FString> GetAllHeaders() const = 0;
	virtual const TArray<uint8>& GetContent() const = 0;
};

class IHttpResponse : public IHttpBase
{
public:
	virtual int32 GetResponseCode() const = 0;
};

using FHttpResponsePtr = TSharedPtr<IHttpResponse, ESPMode::ThreadSafe>;
