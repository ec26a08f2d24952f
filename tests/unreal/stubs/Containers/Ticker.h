#pragma once

#include "CoreMinimal.h"

class FTickerDelegate
{
public:
	template <class T>
	static FTickerDelegate CreateUObject(T* Object, bool (T::*Method)(float))
	{
		FTickerDelegate Out;
		Out.Call = [Object, Method](float DeltaSeconds) { return (Object->*Method)(DeltaSeconds); };
		return Out;
	}
	std::function<bool(float)> Call;
};

/* The test calls Tick() once a frame. */
class FTSTicker
{
public:
	using FDelegateHandle = int32;

	static FTSTicker& GetCoreTicker()
	{
		static FTSTicker Ticker;
		return Ticker;
	}
	FDelegateHandle AddTicker(const FTickerDelegate& Delegate, float = 0.0f)
	{
		All[++Last] = Delegate;
		return Last;
	}
	void RemoveTicker(FDelegateHandle Handle) { All.erase(Handle); }
	void Tick(float DeltaSeconds)
	{
		const std::map<FDelegateHandle, FTickerDelegate> Now = All;
		for (const auto& Entry : Now)
		{
			if (!Entry.second.Call(DeltaSeconds))
			{
				All.erase(Entry.first);
			}
		}
	}

private:
	std::map<FDelegateHandle, FTickerDelegate> All;
	FDelegateHandle Last = 0;
};
