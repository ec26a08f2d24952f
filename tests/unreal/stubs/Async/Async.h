#pragma once

#include "CoreMinimal.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

enum class EAsyncExecution
{
	ThreadPool,
};

/* Two threads, which end with the program. */
class FThreadPool
{
public:
	static FThreadPool& Get()
	{
		static FThreadPool Pool;
		return Pool;
	}
	void Run(std::function<void()> Task)
	{
		const std::lock_guard<std::mutex> Locked(Mutex);
		Tasks.push_back(std::move(Task));
		Changed.notify_one();
	}
	~FThreadPool()
	{
		{
			const std::lock_guard<std::mutex> Locked(Mutex);
			bIsOver = true;
			Changed.notify_all();
		}
		for (std::thread& Thread : Threads)
		{
			Thread.join();
		}
	}

private:
	FThreadPool()
	{
		for (std::thread& Thread : Threads)
		{
			Thread = std::thread([this] { Loop(); });
		}
	}
	void Loop()
	{
		std::unique_lock<std::mutex> Locked(Mutex);
		for (;;)
		{
			Changed.wait(Locked, [this] { return bIsOver || !Tasks.empty(); });
			if (Tasks.empty())
			{
				return;
			}
			std::function<void()> Task = std::move(Tasks.front());
			Tasks.pop_front();
			Locked.unlock();
			Task();
			Task = nullptr;
			Locked.lock();
		}
	}

	std::mutex Mutex;
	std::condition_variable Changed;
	std::deque<std::function<void()>> Tasks;
	bool bIsOver = false;
	std::thread Threads[2];
};

template <class F>
void Async(EAsyncExecution, F&& Task)
{
	FThreadPool::Get().Run(std::forward<F>(Task));
}
