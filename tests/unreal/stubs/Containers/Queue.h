#pragma once

#include "CoreMinimal.h"

#include <deque>
#include <mutex>

enum class EQueueMode
{
	Mpsc,
	Spsc,
};

template <class T, EQueueMode Mode = EQueueMode::Spsc>
class TQueue
{
public:
	bool Enqueue(const T& Item)
	{
		const std::lock_guard<std::mutex> Locked(Mutex);
		All.push_back(Item);
		return true;
	}
	bool Dequeue(T& Item)
	{
		const std::lock_guard<std::mutex> Locked(Mutex);
		if (All.empty())
		{
			return false;
		}
		Item = std::move(All.front());
		All.pop_front();
		return true;
	}
	bool Peek(T& Item) const
	{
		const std::lock_guard<std::mutex> Locked(Mutex);
		if (All.empty())
		{
			return false;
		}
		Item = All.front();
		return true;
	}
	bool Pop()
	{
		const std::lock_guard<std::mutex> Locked(Mutex);
		if (All.empty())
		{
			return false;
		}
		All.pop_front();
		return true;
	}

private:
	mutable std::mutex Mutex;
	std::deque<T> All;
};
