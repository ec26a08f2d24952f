#include "MlabHttpTransport.h"

#include "MlabText.h"

#include "HttpModule.h"
#include "Interfaces/IHttpRequest.h"
#include "Interfaces/IHttpResponse.h"

namespace
{
	struct FTransfer
	{
		mlab::exchange Exchange;
		FHttpRequestPtr Request;
		bool bTooLarge = false;
	};

	/** The header lines of a reply. Its length is that of the compressed body, where the engine has decompressed it. */
	std::string HeaderLines(const FHttpResponsePtr& Response)
	{
		const bool bWasCompressed = !Response->GetHeader(TEXT("Content-Encoding")).IsEmpty();
		std::string Lines;
		for (const FString& Line : Response->GetAllHeaders())
		{
			const bool bIsOfCompressed = Line.StartsWith(TEXT("Content-Length:")) || Line.StartsWith(TEXT("Content-Encoding:"));
			if (!bWasCompressed || !bIsOfCompressed)
			{
				Lines += MlabText::ToUtf8(Line) + "\r\n";
			}
		}
		return Lines;
	}

	void Fail(const FTransfer& Transfer)
	{
		if (Transfer.bTooLarge)
		{
			Transfer.Exchange.fail(MLAB_E_TOO_LARGE);
			return;
		}
		switch (Transfer.Request->GetFailureReason())
		{
		case EHttpFailureReason::ConnectionError:
			Transfer.Exchange.fail(MLAB_E_CONNECT, "the engine's HTTP could not connect; its log has the reason");
			break;
		case EHttpFailureReason::TimedOut:
			Transfer.Exchange.fail(MLAB_E_TIMEOUT);
			break;
		default:
			Transfer.Exchange.fail(MLAB_E_NETWORK, "the engine's HTTP got no reply; its log has the reason");
			break;
		}
	}

	void Answer(const FTransfer& Transfer, const FHttpResponsePtr& Response)
	{
		// Letter by letter: == ignores case.
		const FString& Asked = Transfer.Request->GetURL();
		const FString& Got = Transfer.Request->GetEffectiveURL();
		if (!Got.IsEmpty() && !Got.Equals(Asked, ESearchCase::CaseSensitive))
		{
			Transfer.Exchange.fail(MLAB_E_REDIRECT, "the engine's HTTP followed a redirect");
			return;
		}
		const TArray<uint8>& Body = Response->GetContent();
		if (static_cast<uint64>(Body.Num()) > Transfer.Exchange.body_limit())
		{
			Transfer.Exchange.fail(MLAB_E_TOO_LARGE);
			return;
		}
		// Not NULL, which would say that the bytes follow.
		const void* Bytes = Body.Num() > 0 ? static_cast<const void*>(Body.GetData()) : "";
		const std::string Headers = HeaderLines(Response);
		if (Transfer.Exchange.reply(Response->GetResponseCode(), Headers, Bytes, static_cast<size_t>(Body.Num())) ==
			MLAB_E_NO_RESOURCES)
		{
			Transfer.Exchange.fail(MLAB_E_NO_RESOURCES);
		}
	}
}

struct FMlabHttpTransport::FTransfers
{
	TMap<uint64, TSharedPtr<FTransfer>> UnderWay;

	void End(uint64 Id, const FHttpResponsePtr& Response, bool bConnected)
	{
		TSharedPtr<FTransfer> Transfer;
		if (!UnderWay.RemoveAndCopyValue(Id, Transfer))
		{
			return;
		}
		if (bConnected && Response.IsValid() && !Transfer->bTooLarge)
		{
			Answer(*Transfer, Response);
		}
		else
		{
			Fail(*Transfer);
		}
	}

	void Progress(uint64 Id, uint64 Received)
	{
		const TSharedPtr<FTransfer>* Found = UnderWay.Find(Id);
		if (Found == nullptr)
		{
			return;
		}
		const TSharedPtr<FTransfer> Transfer = *Found;
		Transfer->Exchange.progress(Received);
		if (Received > Transfer->Exchange.body_limit() && !Transfer->bTooLarge)
		{
			Transfer->bTooLarge = true;
			Transfer->Request->CancelRequest();
		}
	}
};

FMlabHttpTransport::FMlabHttpTransport() : Transfers(MakeShared<FTransfers>())
{
}

FMlabHttpTransport::~FMlabHttpTransport()
{
	// What the engine tells of a cancelled request finds nobody: the callbacks hold the transfers weakly.
	const TMap<uint64, TSharedPtr<FTransfer>> UnderWay = MoveTemp(Transfers->UnderWay);
	Transfers->UnderWay.Empty();
	for (const auto& Pair : UnderWay)
	{
		Pair.Value->Request->CancelRequest();
	}
}

void FMlabHttpTransport::Start(mlab::exchange Exchange)
{
	const uint64 Id = Exchange.id();
	const TSharedRef<IHttpRequest, ESPMode::ThreadSafe> Request = FHttpModule::Get().CreateRequest();
	Request->SetVerb(MlabText::FromUtf8(Exchange.method()));
	Request->SetURL(MlabText::FromUtf8(Exchange.url()));
	for (const std::pair<mlab::string_view, mlab::string_view>& Header : Exchange.headers())
	{
		Request->SetHeader(MlabText::FromUtf8(Header.first), MlabText::FromUtf8(Header.second));
	}
	const mlab::bytes Body = Exchange.body();
	if (Body.size() > 0)
	{
		Request->SetContent(TArray<uint8>(reinterpret_cast<const uint8*>(Body.data()), static_cast<int32>(Body.size())));
	}
	Request->SetTimeout(FMath::Max(0.001f, static_cast<float>(Exchange.timeout().count()) / 1000.0f));

	const TWeakPtr<FTransfers> Weak = Transfers;
	Request->OnRequestProgress64().BindLambda(
		[Weak, Id](FHttpRequestPtr, uint64, uint64 Received)
		{
			if (const TSharedPtr<FTransfers> All = Weak.Pin())
			{
				All->Progress(Id, Received);
			}
		});
	Request->OnProcessRequestComplete().BindLambda(
		[Weak, Id](FHttpRequestPtr, FHttpResponsePtr Response, bool bConnected)
		{
			if (const TSharedPtr<FTransfers> All = Weak.Pin())
			{
				All->End(Id, Response, bConnected);
			}
		});

	const TSharedRef<FTransfer> Transfer = MakeShared<FTransfer>();
	Transfer->Exchange = MoveTemp(Exchange);
	Transfer->Request = Request;
	Transfers->UnderWay.Add(Id, Transfer);
	// One that cannot begin is told like one that fails.
	Request->ProcessRequest();
}

void FMlabHttpTransport::Tidy()
{
	TArray<TSharedPtr<FTransfer>> Abandoned;
	for (const auto& Pair : Transfers->UnderWay)
	{
		if (Pair.Value->Exchange.is_cancelled())
		{
			Abandoned.Add(Pair.Value);
		}
	}
	for (const TSharedPtr<FTransfer>& Transfer : Abandoned)
	{
		Transfers->UnderWay.Remove(Transfer->Exchange.id());
		Transfer->Request->CancelRequest();
	}
}
