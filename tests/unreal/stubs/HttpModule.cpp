#include "HttpModule.h"

#include <curl/curl.h>

#include <atomic>
#include <mutex>
#include <thread>

namespace
{
	std::string Narrow(const FString& Text)
	{
		const FTCHARToUTF8 Converted(*Text, Text.Len());
		return Converted.Get();
	}

	FString Wide(const std::string& Text)
	{
		return FString(UTF8_TO_TCHAR(Text.c_str()));
	}

	class FResponse : public IHttpResponse
	{
	public:
		const FString& GetURL() const override { return Url; }
		const FString& GetEffectiveURL() const override { return EffectiveUrl; }
		EHttpFailureReason GetFailureReason() const override { return EHttpFailureReason::None; }
		FString GetHeader(const FString& Name) const override
		{
			for (const FString& Line : Headers)
			{
				if (Line.StartsWith(Name) && Line.Text[Name.Text.size()] == u':')
				{
					return FString(Line.Text.c_str() + Name.Text.size() + 2);
				}
			}
			return FString();
		}
		TArray<FString> GetAllHeaders() const override { return Headers; }
		const TArray<uint8>& GetContent() const override { return Body; }
		int32 GetResponseCode() const override { return Code; }

		FString Url;
		FString EffectiveUrl;
		TArray<FString> Headers;
		TArray<uint8> Body;
		int32 Code = 0;
	};

	class FRequest : public IHttpRequest, public std::enable_shared_from_this<FRequest>
	{
	public:
		~FRequest() override
		{
			bIsCancelled = true;
			if (Thread.joinable())
			{
				Thread.join();
			}
		}

		const FString& GetURL() const override { return Url; }
		const FString& GetEffectiveURL() const override { return EffectiveUrl; }
		EHttpFailureReason GetFailureReason() const override { return Reason; }
		FString GetHeader(const FString&) const override { return FString(); }
		TArray<FString> GetAllHeaders() const override { return TArray<FString>(); }
		const TArray<uint8>& GetContent() const override { return Sent; }
		void SetVerb(const FString& InVerb) override { Verb = Narrow(InVerb); }
		void SetURL(const FString& InUrl) override { Url = InUrl; }
		void SetContent(const TArray<uint8>& Bytes) override { Sent = Bytes; }
		void SetHeader(const FString& Name, const FString& Value) override
		{
			Lines.push_back(Narrow(Name) + ": " + Narrow(Value));
		}
		void SetTimeout(float InSeconds) override { Seconds = InSeconds; }
		FHttpRequestCompleteDelegate& OnProcessRequestComplete() override { return Completed; }
		FHttpRequestProgressDelegate64& OnRequestProgress64() override { return Progressed; }
		void CancelRequest() override { bIsCancelled = true; }
		bool ProcessRequest() override;

		/* On the game thread. False once its end was told. */
		bool Tick(const FHttpRequestPtr& Self)
		{
			const uint64 Now = Received;
			if (Now != Told)
			{
				Told = Now;
				Progressed.ExecuteIfBound(Self, static_cast<uint64>(Sent.Num()), Now);
			}
			if (!bIsDone)
			{
				return true;
			}
			Thread.join();
			if (Reason == EHttpFailureReason::None)
			{
				Completed.ExecuteIfBound(Self, FHttpResponsePtr(Response), true);
			}
			else
			{
				Completed.ExecuteIfBound(Self, FHttpResponsePtr(), false);
			}
			return false;
		}

	private:
		void Perform();
		static size_t TakeBody(char* From, size_t Size, size_t Count, void* User)
		{
			FRequest* Self = static_cast<FRequest*>(User);
			Self->Response->Body.Append(reinterpret_cast<uint8*>(From), static_cast<int32>(Size * Count));
			Self->Received += Size * Count;
			return Size * Count;
		}
		static size_t TakeHeader(char* From, size_t Size, size_t Count, void* User)
		{
			FResponse& Response = *static_cast<FRequest*>(User)->Response;
			std::string Line(From, Size * Count);
			while (!Line.empty() && (Line.back() == '\r' || Line.back() == '\n'))
			{
				Line.pop_back();
			}
			if (Line.compare(0, 5, "HTTP/") == 0)
			{
				Response.Headers.Empty();
			}
			else if (!Line.empty())
			{
				Response.Headers.Add(Wide(Line));
			}
			return Size * Count;
		}
		static int IsOver(void* User, curl_off_t, curl_off_t, curl_off_t, curl_off_t)
		{
			return static_cast<FRequest*>(User)->bIsCancelled ? 1 : 0;
		}

		FString Url, EffectiveUrl;
		std::string Verb;
		std::vector<std::string> Lines;
		TArray<uint8> Sent;
		float Seconds = 0.0f;
		FHttpRequestCompleteDelegate Completed;
		FHttpRequestProgressDelegate64 Progressed;
		std::shared_ptr<FResponse> Response = std::make_shared<FResponse>();
		EHttpFailureReason Reason = EHttpFailureReason::None;
		std::atomic<uint64> Received{0};
		uint64 Told = 0;
		std::atomic<bool> bIsCancelled{false}, bIsDone{false};
		std::thread Thread;
	};

	std::vector<TSharedPtr<FRequest>> All;

	void FRequest::Perform()
	{
		CURL* Curl = curl_easy_init();
		curl_slist* Headers = nullptr;
		for (const std::string& Line : Lines)
		{
			Headers = curl_slist_append(Headers, Line.c_str());
		}
		const std::string Asked = Narrow(Url);
		curl_easy_setopt(Curl, CURLOPT_URL, Asked.c_str());
		curl_easy_setopt(Curl, CURLOPT_HTTPHEADER, Headers);
		curl_easy_setopt(Curl, CURLOPT_CUSTOMREQUEST, Verb == "GET" || Verb == "POST" ? nullptr : Verb.c_str());
		if (Verb == "POST")
		{
			curl_easy_setopt(Curl, CURLOPT_POST, 1L);
			curl_easy_setopt(Curl, CURLOPT_POSTFIELDS, Sent.GetData());
			curl_easy_setopt(Curl, CURLOPT_POSTFIELDSIZE, static_cast<long>(Sent.Num()));
		}
		curl_easy_setopt(Curl, CURLOPT_FOLLOWLOCATION, 1L);
		curl_easy_setopt(Curl, CURLOPT_ACCEPT_ENCODING, "");
		curl_easy_setopt(Curl, CURLOPT_NOSIGNAL, 1L);
		curl_easy_setopt(Curl, CURLOPT_PROXY, "");
		curl_easy_setopt(Curl, CURLOPT_TIMEOUT_MS, static_cast<long>(Seconds * 1000.0f));
		curl_easy_setopt(Curl, CURLOPT_WRITEFUNCTION, TakeBody);
		curl_easy_setopt(Curl, CURLOPT_WRITEDATA, this);
		curl_easy_setopt(Curl, CURLOPT_HEADERFUNCTION, TakeHeader);
		curl_easy_setopt(Curl, CURLOPT_HEADERDATA, this);
		curl_easy_setopt(Curl, CURLOPT_NOPROGRESS, 0L);
		curl_easy_setopt(Curl, CURLOPT_XFERINFOFUNCTION, IsOver);
		curl_easy_setopt(Curl, CURLOPT_XFERINFODATA, this);
		const CURLcode Code = curl_easy_perform(Curl);
		long Status = 0;
		const char* Effective = nullptr;
		curl_easy_getinfo(Curl, CURLINFO_RESPONSE_CODE, &Status);
		curl_easy_getinfo(Curl, CURLINFO_EFFECTIVE_URL, &Effective);
		Response->Code = static_cast<int32>(Status);
		Response->Url = Url;
		EffectiveUrl = Wide(Effective == nullptr ? "" : Effective);
		Response->EffectiveUrl = EffectiveUrl;
		Reason = Code == CURLE_OK ? EHttpFailureReason::None
			: Code == CURLE_COULDNT_CONNECT || Code == CURLE_COULDNT_RESOLVE_HOST ? EHttpFailureReason::ConnectionError
			: Code == CURLE_OPERATION_TIMEDOUT ? EHttpFailureReason::TimedOut
			: Code == CURLE_ABORTED_BY_CALLBACK ? EHttpFailureReason::Cancelled
												: EHttpFailureReason::Other;
		curl_slist_free_all(Headers);
		curl_easy_cleanup(Curl);
		bIsDone = true;
	}

	bool FRequest::ProcessRequest()
	{
		All.emplace_back(shared_from_this());
		Thread = std::thread([this] { Perform(); });
		return true;
	}
}

FHttpModule& FHttpModule::Get()
{
	static FHttpModule Module;
	return Module;
}

TSharedRef<IHttpRequest, ESPMode::ThreadSafe> FHttpModule::CreateRequest()
{
	return TSharedRef<IHttpRequest, ESPMode::ThreadSafe>(std::make_shared<FRequest>());
}

void FHttpModule::Tick()
{
	// A callback may begin or cancel requests.
	const std::vector<TSharedPtr<FRequest>> Now = All;
	for (const TSharedPtr<FRequest>& Request : Now)
	{
		if (!Request->Tick(Request))
		{
			for (std::size_t Index = 0; Index < All.size(); Index++)
			{
				if (All[Index].Get() == Request.Get())
				{
					All.erase(All.begin() + static_cast<std::ptrdiff_t>(Index));
					break;
				}
			}
		}
	}
}

int FHttpModule::UnderWay() const
{
	return static_cast<int>(All.size());
}
