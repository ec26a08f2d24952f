#include "MlabJobs.h"

#include "MlabHttpTransport.h"
#include "MlabImages.h"
#include "MlabText.h"

#include "HAL/PlatformTime.h"

namespace
{
	struct FJob
	{
		int64 Number = 0;
		/** The library's; 0 until it is submitted. */
		uint64 LibraryNumber = 0;
		std::string Id;
		FMlabJobOptions Options;
		FMlabJobCallbacks Callbacks;
		bool bIsCancelled = false;
		/** Images that were not told yet. */
		int32 OpenImages = 0;
		/** Its end, which is told once all images were. */
		bool bHasEnded = false;
		mlab::result Result;
	};

	/** Of all clients, so that a number tells the job. Game thread only, as everything here. */
	int64 LastNumber = 0;

	std::chrono::duration<double> Duration(double Seconds)
	{
		return std::chrono::duration<double>(Seconds);
	}

	FMlabOutcome Outcome(int32 Status, const FString& Message)
	{
		FMlabOutcome Out;
		Out.Status = Status;
		Out.StatusName = MlabText::FromUtf8(mlab_status_name(Status));
		Out.Message = Message;
		return Out;
	}

	FMlabOutcome Outcome(const mlab::result& Result)
	{
		FMlabOutcome Out = Outcome(Result.status(), MlabText::FromUtf8(Result.message()));
		for (const mlab::string_view Url : Result.urls())
		{
			Out.Urls.Add(MlabText::FromUtf8(Url));
		}
		Out.bIsRetryable = Result.is_retryable();
		Out.RetryAfterSeconds = MlabText::Seconds(Result.retry_after_ms());
		return Out;
	}

	FMlabProgress Progress(const mlab::event& Event)
	{
		FMlabProgress Out;
		Out.Polls = Event.polls();
		Out.ElapsedSeconds = MlabText::Seconds(Event.elapsed().count());
		Out.EtaSeconds = MlabText::Seconds(Event.eta_ms());
		Out.NextPollSeconds = MlabText::Seconds(Event.next_poll_ms());
		Out.BytesDone = Event.bytes_done();
		Out.BytesTotal = Event.bytes_total();
		return Out;
	}

	mlab::request Request(const FJob& Job)
	{
		mlab::request Out(Job.Id);
		Out.set_tag(static_cast<uint64>(Job.Number));
		if (Job.Options.EtaSeconds >= 0.0)
		{
			Out.set_eta(Duration(Job.Options.EtaSeconds));
		}
		if (Job.Options.DeadlineSeconds >= 0.0)
		{
			Out.set_deadline(Duration(Job.Options.DeadlineSeconds));
		}
		if (Job.Options.bImages)
		{
			Out.set_download_memory(static_cast<uint64>(FMath::Max<int64>(0, Job.Options.MaxBytes)));
			Out.set_image_events(true);
		}
		return Out;
	}
}

struct FMlabJobs::FImpl
{
	FMlabClientSettings Settings;
	TUniquePtr<FMlabHttpTransport> Transport;
	TUniquePtr<mlab::client> Client;
	FMlabImages Images;
	TMap<int64, TSharedRef<FJob>> Jobs;
	/** Numbers of those that are not submitted yet. */
	TQueue<int64> Queue;
	bool bIsPumping = false;
	/** FMlabJobs has ended: inside a callback, if the pump runs. */
	bool bIsOver = false;

	bool GoesOn(double Until) const
	{
		return !bIsOver && FPlatformTime::Seconds() < Until;
	}

	/** Makes the client with the first job. */
	mlab::client& Open()
	{
		if (!Client.IsValid())
		{
			mlab::config Config;
			if (!Settings.Endpoint.IsEmpty())
			{
				Config.set_endpoint(MlabText::ToUtf8(Settings.Endpoint));
			}
			if (Settings.bUseEngineHttp)
			{
				Config.set_transport_pull();
				Transport = MakeUnique<FMlabHttpTransport>();
			}
			Client = MakeUnique<mlab::client>(MlabText::ToUtf8(Settings.Key), Config);
		}
		return *Client;
	}

	void Close()
	{
		Jobs.Empty();
		// The client first: it ends its exchanges.
		Client.Reset();
		Transport.Reset();
	}

	TSharedPtr<FJob> Find(int64 Number) const
	{
		const TSharedRef<FJob>* Found = Jobs.Find(Number);
		return Found == nullptr ? TSharedPtr<FJob>() : TSharedPtr<FJob>(*Found);
	}

	/** The last callback of a job. */
	void Finish(const TSharedRef<FJob>& Job, const FMlabOutcome& Out)
	{
		Jobs.Remove(Job->Number);
		if (Job->Callbacks.Done)
		{
			Job->Callbacks.Done(Out);
		}
	}

	void FinishIfOver(const TSharedRef<FJob>& Job)
	{
		if (Job->bHasEnded && Job->OpenImages == 0)
		{
			Finish(Job, Outcome(Job->Result));
		}
	}

	void TellImages(double Until)
	{
		do
		{
			const TSharedPtr<FMlabDecoding, ESPMode::ThreadSafe> Decoding = Images.Pop();
			if (!Decoding.IsValid())
			{
				return;
			}
			const TSharedPtr<FJob> Job = Find(Decoding->Job);
			if (!Job.IsValid())
			{
				continue;
			}
			Job->OpenImages--;
			if (!Job->bIsCancelled && Job->Callbacks.Image)
			{
				Job->Callbacks.Image(MoveTemp(Decoding->Image));
			}
			if (!bIsOver)
			{
				FinishIfOver(Job.ToSharedRef());
			}
		} while (GoesOn(Until));
	}

	void TakeImage(const TSharedRef<FJob>& Job, mlab::event& Event)
	{
		const TSharedRef<FMlabDecoding, ESPMode::ThreadSafe> Decoding = MakeShared<FMlabDecoding, ESPMode::ThreadSafe>();
		Decoding->Job = Job->Number;
		Decoding->MaxPixels = Job->Options.MaxPixels;
		Decoding->Image.Index = Event.index();
		Decoding->Result = Event.take_result();
		Job->OpenImages++;
		Images.Add(Decoding);
	}

	void Handle(mlab::event& Event)
	{
		const TSharedPtr<FJob> Found = Find(static_cast<int64>(Event.tag()));
		if (!Found.IsValid())
		{
			return;
		}
		const TSharedRef<FJob> Job = Found.ToSharedRef();
		if (Event.is_image())
		{
			TakeImage(Job, Event);
		}
		else if (Event.is_done())
		{
			Job->bHasEnded = true;
			Job->Result = Event.take_result();
			FinishIfOver(Job);
		}
		else if (Event.is_progress() && Job->Callbacks.Progress)
		{
			Job->Callbacks.Progress(Progress(Event));
		}
	}

	/** Exchanges are few, and each is begun at once: they take no share of the frame. */
	void StartExchanges()
	{
		mlab::exchange Exchange;
		while (Client->try_next_exchange(std::chrono::milliseconds(0), Exchange) == MLAB_OK)
		{
			Transport->Start(MoveTemp(Exchange));
		}
		Transport->Tidy();
	}

	/** A client that cannot go on, after a defect in the library: its jobs would wait for ever. */
	void Lose(int32 Status)
	{
		TArray<int64> Numbers;
		Jobs.GetKeys(Numbers);
		for (const int64 Number : Numbers)
		{
			const TSharedPtr<FJob> Job = Find(Number);
			if (!bIsOver && Job.IsValid() && Job->LibraryNumber != 0)
			{
				Finish(Job.ToSharedRef(), Outcome(Status, MlabText::FromUtf8(mlab_status_text(Status))));
			}
		}
		if (!bIsOver)
		{
			Client.Reset();
			Transport.Reset();
		}
	}

	void PullEvents(double Until)
	{
		int32 Status = MLAB_OK;
		do
		{
			mlab::event Event;
			Status = Client->try_next_event(std::chrono::milliseconds(0), Event);
			if (Status == MLAB_OK)
			{
				Handle(Event);
			}
		} while (Status == MLAB_OK && GoesOn(Until));
		if (Status < 0 && !bIsOver)
		{
			Lose(Status);
		}
	}

	/** False: the client has no place for it now. */
	bool Submit(const TSharedRef<FJob>& Job)
	{
		if (Job->bIsCancelled)
		{
			Finish(Job, Outcome(MLAB_E_CANCELLED, MlabText::FromUtf8(mlab_status_text(MLAB_E_CANCELLED))));
			return true;
		}
		mlab::client& Opened = Open();
		if (Opened.status() != MLAB_OK)
		{
			Finish(Job, Outcome(Opened.status(), MlabText::FromUtf8(Opened.message().c_str())));
			Client.Reset();
			return true;
		}
		const mlab::request Asked = Request(*Job);
		const int32 Status = Opened.try_submit(Asked, &Job->LibraryNumber);
		if (Status == MLAB_E_BUSY)
		{
			return false;
		}
		if (Status != MLAB_OK)
		{
			const FString Why = MlabText::FromUtf8(Asked.message());
			Finish(Job, Outcome(Status, Why.IsEmpty() ? MlabText::FromUtf8(mlab_status_text(Status)) : Why));
		}
		return true;
	}

	void SubmitQueued(double Until)
	{
		int64 Number = 0;
		do
		{
			if (!Queue.Peek(Number))
			{
				return;
			}
			const TSharedPtr<FJob> Job = Find(Number);
			if (Job.IsValid() && !Submit(Job.ToSharedRef()))
			{
				return;
			}
			Queue.Pop();
		} while (GoesOn(Until));
	}

	void Pump(double Until)
	{
		TellImages(Until);
		if (!bIsOver && Client.IsValid())
		{
			PullEvents(Until);
		}
		if (!bIsOver)
		{
			Images.Decode();
			SubmitQueued(Until);
		}
		if (!bIsOver && Transport.IsValid() && Client.IsValid())
		{
			StartExchanges();
		}
	}
};

FMlabJobs::FMlabJobs(const FMlabClientSettings& Settings) : Impl(MakeShared<FImpl>())
{
	Impl->Settings = Settings;
}

FMlabJobs::~FMlabJobs()
{
	Impl->bIsOver = true;
	// Else the pump, which called what ended us, does it.
	if (!Impl->bIsPumping)
	{
		Impl->Close();
	}
}

int64 FMlabJobs::Wait(const FString& Id, const FMlabJobOptions& Options, FMlabJobCallbacks Callbacks)
{
	const TSharedRef<FJob> Job = MakeShared<FJob>();
	Job->Number = ++LastNumber;
	Job->Id = MlabText::ToUtf8(Id);
	Job->Options = Options;
	Job->Callbacks = MoveTemp(Callbacks);
	Impl->Jobs.Add(Job->Number, Job);
	Impl->Queue.Enqueue(Job->Number);
	return Job->Number;
}

bool FMlabJobs::Cancel(int64 Number)
{
	const TSharedPtr<FJob> Job = Impl->Find(Number);
	if (!Job.IsValid())
	{
		return false;
	}
	Job->bIsCancelled = true;
	if (Job->LibraryNumber != 0 && Impl->Client.IsValid())
	{
		Impl->Client->cancel_job(Job->LibraryNumber);
	}
	return true;
}

void FMlabJobs::CancelAll()
{
	TArray<int64> Numbers;
	Impl->Jobs.GetKeys(Numbers);
	for (const int64 Number : Numbers)
	{
		Cancel(Number);
	}
}

int32 FMlabJobs::Num() const
{
	return Impl->Jobs.Num();
}

void FMlabJobs::Pump(double LimitSeconds)
{
	// A callback may call it, and may end this object.
	const TSharedRef<FImpl> Keep = Impl;
	if (Keep->bIsPumping)
	{
		return;
	}
	Keep->bIsPumping = true;
	Keep->Pump(FPlatformTime::Seconds() + LimitSeconds);
	Keep->bIsPumping = false;
	if (Keep->bIsOver)
	{
		Keep->Close();
	}
}
