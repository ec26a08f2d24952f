/*
 * mlab for C++: mlab.h with owners, views and callables. Header only, C++11 and later.
 *
 *     #include <mlab.hpp>
 *     #include <iostream>
 *
 *     int main()
 *     {
 *         try {
 *             mlab::client client;                          // the key from MODELSLAB_API_KEY, else from API_KEY
 *             mlab::result result = client.wait("12202888");
 *             for (mlab::string_view url : result.urls())
 *                 std::cout << url << '\n';
 *         } catch (const mlab::error &error) {
 *             std::cerr << error.what() << '\n';
 *             return 1;
 *         }
 *     }
 *
 *     c++ -std=c++17 wait.cpp -lmlab -o wait
 *
 * fetch() polls once and may come back with MLAB_PROCESSING; wait() waits for the job. The vendor's own clients have a fetch
 * that waits: ten tries, 2 s apart, and then it returns the "processing" reply. What each function does, and what a status
 * means, stands in mlab.h: the names are the same without mlab_ and the type's name.
 *
 * OWNERS (client, config, request, result, cancel, event, exchange) free what they hold and can be moved, not copied.
 * VIEWS (result_view, image_view, url_range, string_view, bytes) copy nothing and are valid as long as the owner; what a
 * temporary would lend does not compile.
 *
 * ERRORS. With exceptions a negative status is thrown as mlab::error, or as the one of its group (mlab::account_error and
 * so on), which has the result. The functions that begin with try_ throw for no status and give it back instead; without
 * exceptions (-fno-exceptions) they are the only ones. Setters throw at once, and leave the config or request as it was;
 * without exceptions the first refusal sticks: ask status() and message() before you use the config or request.
 *
 * CALLABLES (progress, log, transport) may throw: the exception is kept, and thrown again on the way out of the call that
 * they were called in, try_ or not. Thrown into a call that was made with mlab.h, or by a destructor, it is dropped. A
 * callable lives as long as anything that may call it.
 *
 * MORE WITH LATER STANDARDS. C++17: std::string_view, std::optional for what may not be said. C++20: std::span of
 * std::byte, ranges, std::stop_token in place of a cancel. C++23: mlab::expected() makes a std::expected of a result. Files
 * compiled by different standards, or with and without exceptions, may be linked into one program, but may not hand these
 * types to each other.
 */

#ifndef MLAB_HPP
#define MLAB_HPP

#include <mlab.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <iterator>
#include <memory>
#include <new>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#if defined(_MSVC_LANG)
#define MLAB_HPP_STANDARD _MSVC_LANG
#else
#define MLAB_HPP_STANDARD __cplusplus
#endif

#if defined(__cpp_exceptions) || defined(_CPPUNWIND)
#define MLAB_HPP_THROWS 1
#include <exception>
#include <stdexcept>
#else
#define MLAB_HPP_THROWS 0
#endif

#if MLAB_HPP_STANDARD >= 201703L
#include <optional>
#include <string_view>
#else
#include <ostream>
#endif
#if MLAB_HPP_STANDARD >= 202002L
#include <cstddef>
#include <ranges>
#include <span>
#include <version>
#if defined(__cpp_lib_jthread)
#include <stop_token>
#endif
#if defined(__cpp_lib_expected)
#include <expected>
#endif
#endif

/* The types differ by standard and by exceptions: so must their names for the linker. */
#if MLAB_HPP_STANDARD >= 202002L && MLAB_HPP_THROWS
#define MLAB_HPP_ABI cxx20
#elif MLAB_HPP_STANDARD >= 202002L
#define MLAB_HPP_ABI cxx20_without_exceptions
#elif MLAB_HPP_STANDARD >= 201703L && MLAB_HPP_THROWS
#define MLAB_HPP_ABI cxx17
#elif MLAB_HPP_STANDARD >= 201703L
#define MLAB_HPP_ABI cxx17_without_exceptions
#elif MLAB_HPP_THROWS
#define MLAB_HPP_ABI cxx11
#else
#define MLAB_HPP_ABI cxx11_without_exceptions
#endif

namespace mlab {
inline namespace MLAB_HPP_ABI {

using milliseconds = std::chrono::milliseconds;

class result;
class exchange;

/* --------------------------------------------------------------------------------------------------------------------
 * Texts and bytes
 * -------------------------------------------------------------------------------------------------------------------- */

#if MLAB_HPP_STANDARD >= 201703L
using string_view = std::string_view;
#else
/** Text that something else owns, for standards without std::string_view. */
class string_view {
public:
    string_view() noexcept : data_(""), size_(0) {}
    string_view(const char *text) noexcept : data_(text), size_(std::strlen(text)) {}
    string_view(const char *data, std::size_t size) noexcept : data_(data), size_(size) {}
    string_view(const std::string &text) noexcept : data_(text.data()), size_(text.size()) {}

    const char *data() const noexcept { return data_; }
    std::size_t size() const noexcept { return size_; }
    bool empty() const noexcept { return size_ == 0; }
    const char *begin() const noexcept { return data_; }
    const char *end() const noexcept { return data_ + size_; }
    explicit operator std::string() const { return std::string(data_, size_); }

    friend bool operator==(string_view a, string_view b) noexcept
    {
        return a.size_ == b.size_ && std::memcmp(a.data_, b.data_, a.size_) == 0;
    }
    friend bool operator!=(string_view a, string_view b) noexcept { return !(a == b); }
    friend std::ostream &operator<<(std::ostream &out, string_view text)
    {
        return out.write(text.data_, static_cast<std::streamsize>(text.size_));
    }

private:
    const char *data_;
    std::size_t size_;
};
#endif

#if MLAB_HPP_STANDARD >= 202002L
using bytes = std::span<const std::byte>;
#else
/** Bytes that something else owns, for standards without std::span. */
class bytes {
public:
    bytes() noexcept : data_(nullptr), size_(0) {}
    bytes(const void *data, std::size_t size) noexcept : data_(static_cast<const unsigned char *>(data)), size_(size) {}

    const unsigned char *data() const noexcept { return data_; }
    std::size_t size() const noexcept { return size_; }
    bool empty() const noexcept { return size_ == 0; }
    const unsigned char *begin() const noexcept { return data_; }
    const unsigned char *end() const noexcept { return data_ + size_; }

private:
    const unsigned char *data_;
    std::size_t size_;
};
#endif

namespace detail {

inline bytes make_bytes(const void *data, std::size_t size) noexcept
{
#if MLAB_HPP_STANDARD >= 202002L
    return bytes(static_cast<const std::byte *>(data), data == nullptr ? 0 : size);
#else
    return bytes(data, data == nullptr ? 0 : size);
#endif
}

/** A view of what C lends; empty for NULL. */
inline string_view view(const char *text) noexcept { return text == nullptr ? string_view() : string_view(text); }

/** A text to pass to C, with a NUL at its end. One with a NUL inside is passed as bytes that are no UTF-8: C would see a
 *  shorter one, and so it is refused, and the refusal names the argument. */
class text {
public:
    text(std::nullptr_t) noexcept : pointer_(nullptr) {}
    text(const char *pointer) noexcept : pointer_(pointer) {}
    text(const std::string &whole) : pointer_(whole.c_str())
    {
        if (std::memchr(whole.data(), '\0', whole.size()) != nullptr)
            keep(whole.data(), whole.size());
    }
    text(string_view part) : pointer_(nullptr) { keep(part.data(), part.size()); }
    text(const text &) = delete;
    text &operator=(const text &) = delete;

    const char *get() const noexcept { return pointer_; }

private:
    void keep(const char *data, std::size_t size)
    {
        copy_.assign(data, size);
        for (char &c : copy_) {
            if (c == '\0')
                c = '\xff';
        }
        pointer_ = copy_.c_str();
    }

    const char *pointer_;
    std::string copy_;
};

/** A time to pass to C, rounded up; what is too long counts as the longest. */
class time {
public:
    template <class Rep, class Period>
    time(std::chrono::duration<Rep, Period> duration) noexcept
    {
        const double wanted = std::chrono::duration<double, std::milli>(duration).count();
        if (!(wanted > 0.0))
            ms_ = 0;
        else if (wanted >= 4294967295.0)
            ms_ = 4294967295u;
        else
            ms_ = static_cast<std::uint32_t>(wanted) + (static_cast<double>(static_cast<std::uint32_t>(wanted)) < wanted);
    }
    std::uint32_t ms() const noexcept { return ms_; }

private:
    std::uint32_t ms_;
};

template <class T, void (*Free)(T *)>
struct freer {
    void operator()(T *object) const noexcept { Free(object); }
};
/** The one owner of an object of C. */
template <class T, void (*Free)(T *)>
using owner = std::unique_ptr<T, freer<T, Free>>;

#if MLAB_HPP_STANDARD >= 201703L
inline std::optional<milliseconds> said(std::int64_t ms) noexcept
{
    if (ms < 0)
        return std::nullopt;
    return milliseconds(ms);
}
#endif

} // namespace detail

/* --------------------------------------------------------------------------------------------------------------------
 * The result
 * -------------------------------------------------------------------------------------------------------------------- */

/** The image URLs of a result: a range of string_view. */
class url_range {
public:
    class iterator {
    public:
        using iterator_category = std::input_iterator_tag; /* It gives values, not references. */
        using iterator_concept = std::forward_iterator_tag;
        using value_type = string_view;
        using difference_type = std::ptrdiff_t;
        using pointer = const string_view *;
        using reference = string_view;

        iterator() noexcept : at_(nullptr) {}
        explicit iterator(const char *const *at) noexcept : at_(at) {}
        string_view operator*() const noexcept { return string_view(*at_); }
        iterator &operator++() noexcept
        {
            ++at_;
            return *this;
        }
        iterator operator++(int) noexcept
        {
            iterator before = *this;
            ++at_;
            return before;
        }
        friend bool operator==(iterator a, iterator b) noexcept { return a.at_ == b.at_; }
        friend bool operator!=(iterator a, iterator b) noexcept { return a.at_ != b.at_; }

    private:
        const char *const *at_;
    };

    url_range() noexcept : first_(nullptr), size_(0) {}
    url_range(const char *const *first, std::size_t size) noexcept : first_(first), size_(size) {}

    iterator begin() const noexcept { return iterator(first_); }
    iterator end() const noexcept { return iterator(first_ + size_); }
    std::size_t size() const noexcept { return size_; }
    bool empty() const noexcept { return size_ == 0; }
    string_view operator[](std::size_t index) const noexcept { return string_view(first_[index]); }

private:
    const char *const *first_;
    std::size_t size_;
};

/** One downloaded image of a result. */
class image_view {
public:
    image_view(const mlab_result *result, std::size_t index) noexcept : result_(result), index_(index) {}

    /** Its bytes, if it was downloaded into memory; else none. */
    bytes data() const noexcept
    {
        std::size_t size = 0;
        const void *data = mlab_result_image(result_, index_, &size);
        return detail::make_bytes(data, size);
    }
    /** Its file, if it was downloaded into one; else empty. */
    string_view path() const noexcept { return detail::view(mlab_result_image_path(result_, index_)); }
    /** image/png and its like; empty if the image is missing. */
    string_view type() const noexcept { return detail::view(mlab_result_image_type(result_, index_)); }
    std::uint32_t width() const noexcept { return mlab_result_image_width(result_, index_); }
    std::uint32_t height() const noexcept { return mlab_result_image_height(result_, index_); }
    bool is_missing() const noexcept { return mlab_result_image_type(result_, index_) == nullptr; }

private:
    const mlab_result *result_;
    std::size_t index_;
};

/** A result that something else owns. */
class result_view {
public:
    result_view() noexcept : raw_(nullptr) {}
    explicit result_view(const mlab_result *raw) noexcept : raw_(raw) {}
    result_view(const result &&) = delete;

    const mlab_result *get() const noexcept { return raw_; }
    std::int32_t status() const noexcept { return mlab_result_status(raw_); }
    bool is_ok() const noexcept { return status() == MLAB_OK; }
    bool is_processing() const noexcept { return status() == MLAB_PROCESSING; }

    url_range urls() const noexcept
    {
        std::size_t count = 0;
        const char *const *first = mlab_result_urls(raw_, &count);
        return url_range(first, count);
    }
    /** The same under the name that the server has for it. */
    url_range output() const noexcept { return urls(); }
    std::size_t url_count() const noexcept { return mlab_result_url_count(raw_); }
    /** Empty if there is no such URL. */
    string_view url(std::size_t index) const noexcept { return detail::view(mlab_result_url(raw_, index)); }
    string_view message() const noexcept { return mlab_result_message(raw_); }
    string_view id() const noexcept { return mlab_result_id(raw_); }
    bytes body() const noexcept
    {
        std::size_t size = 0;
        const char *data = mlab_result_body(raw_, &size);
        return detail::make_bytes(data, size);
    }

    std::int32_t http_status() const noexcept { return mlab_result_http_status(raw_); }
    /** -1 if the server did not say. */
    std::int64_t eta_ms() const noexcept { return mlab_result_eta_ms(raw_); }
    /** -1 if the server did not say. */
    std::int64_t retry_after_ms() const noexcept { return mlab_result_retry_after_ms(raw_); }
#if MLAB_HPP_STANDARD >= 201703L
    std::optional<milliseconds> eta() const noexcept { return detail::said(eta_ms()); }
    std::optional<milliseconds> retry_after() const noexcept { return detail::said(retry_after_ms()); }
#endif
    bool is_retryable() const noexcept { return mlab_result_is_retryable(raw_) != 0; }
    std::int32_t attempts() const noexcept { return mlab_result_attempts(raw_); }
    milliseconds elapsed() const noexcept { return milliseconds(mlab_result_elapsed_ms(raw_)); }

    std::size_t image_count() const noexcept { return mlab_result_image_count(raw_); }
    image_view image(std::size_t index) const noexcept { return image_view(raw_, index); }

protected:
    const mlab_result *raw_;
};

/** A result of one's own. */
class result : public result_view {
public:
    result() noexcept {}
    /** Takes over what C made. */
    explicit result(mlab_result *raw) noexcept : result_view(raw) {}
    result(result &&other) noexcept : result_view(other.release()) {}
    result &operator=(result &&other) noexcept
    {
        mlab_result *taken = other.release();
        mlab_result_free(const_cast<mlab_result *>(raw_));
        raw_ = taken;
        return *this;
    }
    ~result() { mlab_result_free(const_cast<mlab_result *>(raw_)); }

    /** Gives it up: to be freed with mlab_result_free(). */
    mlab_result *release() noexcept
    {
        mlab_result *raw = const_cast<mlab_result *>(raw_); /* It was made for us to free. */
        raw_ = nullptr;
        return raw;
    }

    /* What is lent ends with the owner: a temporary lends nothing. */
    const mlab_result *get() const & noexcept { return result_view::get(); }
    url_range urls() const & noexcept { return result_view::urls(); }
    url_range output() const & noexcept { return result_view::urls(); }
    string_view url(std::size_t index) const & noexcept { return result_view::url(index); }
    string_view message() const & noexcept { return result_view::message(); }
    string_view id() const & noexcept { return result_view::id(); }
    bytes body() const & noexcept { return result_view::body(); }
    image_view image(std::size_t index) const & noexcept { return result_view::image(index); }
    const mlab_result *get() const && = delete;
    url_range urls() const && = delete;
    url_range output() const && = delete;
    string_view url(std::size_t) const && = delete;
    string_view message() const && = delete;
    string_view id() const && = delete;
    bytes body() const && = delete;
    image_view image(std::size_t) const && = delete;
};

/* --------------------------------------------------------------------------------------------------------------------
 * Errors
 * -------------------------------------------------------------------------------------------------------------------- */

inline string_view version() noexcept { return mlab_version(); }
inline std::uint32_t version_number() noexcept { return mlab_version_number(); }
inline std::uint32_t abi_version() noexcept { return mlab_abi_version(); }
inline string_view status_name(std::int32_t status) noexcept { return mlab_status_name(status); }
inline string_view status_text(std::int32_t status) noexcept { return mlab_status_text(status); }
inline std::int32_t status_group(std::int32_t status) noexcept { return mlab_status_group(status); }

#if MLAB_HPP_THROWS

/** A negative status; what() is its name and the message. Also the class of a group that this header does not know. */
class error : public std::runtime_error {
public:
    error(std::int32_t status, const std::string &message)
        : std::runtime_error(std::string(mlab_status_name(status)) + ": " + message), status_(status)
    {
    }
    explicit error(mlab::result &&from) : error(from.status(), std::string(from.message()))
    {
        result_ = std::make_shared<mlab::result>(std::move(from));
    }

    std::int32_t status() const noexcept { return status_; }
    std::int32_t group() const noexcept { return mlab_status_group(status_); }
    /** The result of the call; an empty one where the call makes none. */
    result_view result() const noexcept { return result_ == nullptr ? result_view() : result_view(result_->get()); }
    bool is_retryable() const noexcept { return result().is_retryable(); }
    /** -1 if the server did not say. */
    std::int64_t retry_after_ms() const noexcept { return result_ == nullptr ? -1 : result_->retry_after_ms(); }

private:
    std::int32_t status_;
    std::shared_ptr<const mlab::result> result_; /* Exceptions are copied. */
};

/** The errors of one group: see mlab_status_group(). */
template <std::int32_t Group>
class group_error : public error {
public:
    using error::error;
};
using argument_error = group_error<MLAB_GROUP_ARGUMENT>;
using ended_error = group_error<MLAB_GROUP_ENDED>;
using system_error = group_error<MLAB_GROUP_SYSTEM>;
using network_error = group_error<MLAB_GROUP_NETWORK>;
using account_error = group_error<MLAB_GROUP_ACCOUNT>;
using job_error = group_error<MLAB_GROUP_JOB>;
using image_error = group_error<MLAB_GROUP_IMAGE>;

namespace detail {

/** Throws the error of the status's group. */
template <class... What>
[[noreturn]] void raise(std::int32_t status, What &&...what)
{
    switch (mlab_status_group(status)) {
    case MLAB_GROUP_ARGUMENT: throw argument_error(std::forward<What>(what)...);
    case MLAB_GROUP_ENDED: throw ended_error(std::forward<What>(what)...);
    case MLAB_GROUP_SYSTEM: throw system_error(std::forward<What>(what)...);
    case MLAB_GROUP_NETWORK: throw network_error(std::forward<What>(what)...);
    case MLAB_GROUP_ACCOUNT: throw account_error(std::forward<What>(what)...);
    case MLAB_GROUP_JOB: throw job_error(std::forward<What>(what)...);
    case MLAB_GROUP_IMAGE: throw image_error(std::forward<What>(what)...);
    default: throw error(std::forward<What>(what)...);
    }
}

inline result checked(result made)
{
    const std::int32_t status = made.status();
    if (status < 0)
        raise(status, std::move(made));
    return made;
}

/** For calls that make no result. */
inline std::int32_t checked(std::int32_t status, const char *message = nullptr)
{
    if (status < 0)
        raise(status, status, std::string(message == nullptr ? mlab_status_text(status) : message));
    return status;
}

/** Keeps what a callable throws, until the call that it was called in has returned to us. */
class parking {
public:
    parking() noexcept : outer_(top()) { top() = this; }
    ~parking() { top() = outer_; }
    parking(const parking &) = delete;
    parking &operator=(const parking &) = delete;

    void leave()
    {
        if (thrown_ != nullptr)
            std::rethrow_exception(std::move(thrown_));
    }
    static void keep(std::exception_ptr thrown) noexcept
    {
        if (top() != nullptr && top()->thrown_ == nullptr)
            top()->thrown_ = std::move(thrown);
    }

private:
    static parking *&top() noexcept
    {
        static thread_local parking *innermost = nullptr;
        return innermost;
    }

    parking *outer_;
    std::exception_ptr thrown_;
};

/** Calls a callable for C, which no exception may enter. */
template <class Call, class Value>
Value shielded(Call call, Value fallback) noexcept
{
    try {
        return call();
    } catch (...) {
        parking::keep(std::current_exception());
        return fallback;
    }
}

#else

namespace detail {

class parking {
public:
    parking() noexcept {}
    ~parking() {} /* Not trivial, or it would be called unused. */
    void leave() noexcept {}
};

template <class Call, class Value>
Value shielded(Call call, Value) noexcept
{
    return call();
}

#endif

/** What a config or request refused first; with exceptions it is thrown instead, and nothing stays. */
class refusal {
public:
    std::int32_t status() const noexcept { return status_; }
    /** One line that names the argument; empty if nothing was refused. */
    const std::string &message() const noexcept { return message_; }

    void note(std::int32_t status, const char *message)
    {
#if MLAB_HPP_THROWS
        checked(status, message);
#else
        if (status != MLAB_OK && status_ == MLAB_OK) {
            status_ = status;
            message_ = message;
        }
#endif
    }

private:
    std::int32_t status_ = MLAB_OK;
    std::string message_;
};

} // namespace detail

#if defined(__cpp_lib_expected)
/** The result as a std::expected: a value when its status is not negative, else the error. */
inline std::expected<result, result> expected(result made)
{
    if (made.status() < 0)
        return std::unexpected<result>(std::move(made));
    return made;
}
#endif

/* --------------------------------------------------------------------------------------------------------------------
 * Cancel
 * -------------------------------------------------------------------------------------------------------------------- */

/** Stops calls from another thread. */
class cancel {
public:
    cancel() : raw_(mlab_cancel_new()) {}
    void trigger() const noexcept { mlab_cancel_trigger(raw_.get()); }
    const mlab_cancel *get() const noexcept { return raw_.get(); }

private:
    detail::owner<mlab_cancel, mlab_cancel_free> raw_;
};

/** What may stop a call: nothing, a cancel, or a std::stop_token. */
class stopper {
public:
    stopper() noexcept : raw_(nullptr) {}
    stopper(const cancel &by) noexcept : raw_(by.get()) {}
    stopper(const stopper &) = delete;
    stopper &operator=(const stopper &) = delete;
#if defined(__cpp_lib_jthread)
    stopper(std::stop_token token) : raw_(nullptr)
    {
        own_.emplace();
        raw_ = own_->get();
        on_stop_.emplace(std::move(token), trigger{&*own_});
    }
#endif
    const mlab_cancel *get() const noexcept { return raw_; }

private:
    const mlab_cancel *raw_;
#if defined(__cpp_lib_jthread)
    struct trigger {
        const cancel *what;
        void operator()() const noexcept { what->trigger(); }
    };
    std::optional<cancel> own_;
    std::optional<std::stop_callback<trigger>> on_stop_;
#endif
};

/* --------------------------------------------------------------------------------------------------------------------
 * Exchanges
 * -------------------------------------------------------------------------------------------------------------------- */

/** One HTTP exchange that the program is asked to perform. Empty where none came. */
class exchange {
public:
    exchange() noexcept {}
    explicit exchange(mlab_exchange *raw) noexcept : raw_(raw) {}
    explicit operator bool() const noexcept { return raw_ != nullptr; }
    const mlab_exchange *get() const noexcept { return raw_.get(); }

    std::uint64_t id() const noexcept { return mlab_exchange_id(get()); }
    std::int32_t kind() const noexcept { return mlab_exchange_kind(get()); }
    string_view method() const noexcept { return mlab_exchange_method(get()); }
    string_view url() const noexcept { return mlab_exchange_url(get()); }
    std::vector<std::pair<string_view, string_view>> headers() const
    {
        std::vector<std::pair<string_view, string_view>> found;
        for (std::size_t i = 0; mlab_exchange_header_name(get(), i) != nullptr; i++)
            found.emplace_back(mlab_exchange_header_name(get(), i), mlab_exchange_header_value(get(), i));
        return found;
    }
    /** It may hold the API key: send it, and do nothing else with it. */
    bytes body() const noexcept
    {
        std::size_t size = 0;
        const void *data = mlab_exchange_body(get(), &size);
        return detail::make_bytes(data, size);
    }
    std::uint64_t body_limit() const noexcept { return mlab_exchange_body_limit(get()); }
    milliseconds timeout() const noexcept { return milliseconds(mlab_exchange_timeout_ms(get())); }
    bool is_cancelled() const noexcept { return mlab_exchange_is_cancelled(get()) != 0; }

    void progress(std::uint64_t done, std::int64_t total = -1) const noexcept { mlab_exchange_progress(get(), done, total); }
    std::int32_t reply(std::int32_t http_status, const detail::text &headers, const void *body, std::size_t size) const noexcept
    {
        return mlab_exchange_reply(get(), http_status, headers.get(), body, size);
    }
    std::int32_t reply(std::int32_t http_status, const detail::text &headers, string_view body) const noexcept
    {
        return reply(http_status, headers, body.data(), body.size());
    }
    /** The next bytes of an image whose reply came without a body. */
    std::int32_t write(const void *data, std::size_t size) const noexcept { return mlab_exchange_write(get(), data, size); }
    std::int32_t fail(std::int32_t status, const detail::text &message = nullptr) const noexcept
    {
        return mlab_exchange_fail(get(), status, message.get());
    }

private:
    detail::owner<mlab_exchange, mlab_exchange_free> raw_;
};

/* --------------------------------------------------------------------------------------------------------------------
 * Settings
 * -------------------------------------------------------------------------------------------------------------------- */

/** Takes an entry of the log: level, area, text. */
using log_function = std::function<void(std::int32_t, string_view, string_view)>;

namespace detail {

struct transport {
    std::function<void(exchange)> start;
    std::function<void(std::uint64_t)> cancel;
};

/** The callables that a config hands on to what is made from it. */
struct callables {
    std::shared_ptr<log_function> log;
    std::shared_ptr<detail::transport> transport;
};

/* With C linkage these could not be in a namespace that differs; compilers take them for C's pointers all the same. */
inline void on_log(void *user, std::int32_t level, const char *area, const char *message) noexcept
{
    shielded([&] { return (*static_cast<log_function *>(user))(level, area, message), 0; }, 0);
}

inline void on_start(void *user, mlab_exchange *raw) noexcept
{
    shielded([&] { return static_cast<transport *>(user)->start(exchange(raw)), 0; }, 0);
}

inline void on_cancel(void *user, std::uint64_t id) noexcept
{
    shielded([&] { return static_cast<transport *>(user)->cancel(id), 0; }, 0);
}

} // namespace detail

/** Settings for clients. */
class config {
public:
    config() : raw_(mlab_config_new()) {}
    const mlab_config *get() const noexcept { return raw_.get(); }
    /** MLAB_OK, or why the first setter that refused its value did so. */
    std::int32_t status() const noexcept { return refusal_.status(); }
    const std::string &message() const noexcept { return refusal_.message(); }

    config &set_endpoint(const detail::text &url_template)
    {
        return after(mlab_config_set_endpoint(raw_.get(), url_template.get()));
    }
    config &set_connect_timeout(detail::time timeout)
    {
        return after(mlab_config_set_connect_timeout_ms(raw_.get(), timeout.ms()));
    }
    config &set_request_timeout(detail::time timeout)
    {
        return after(mlab_config_set_request_timeout_ms(raw_.get(), timeout.ms()));
    }
    config &set_body_limit(std::size_t max_bytes) { return after(mlab_config_set_body_limit(raw_.get(), max_bytes)); }
    config &set_user_agent(const detail::text &suffix)
    {
        return after(mlab_config_set_user_agent(raw_.get(), suffix.get()));
    }
    /** nullptr for the environment's, "" for none. */
    config &set_proxy(const detail::text &proxy_url) { return after(mlab_config_set_proxy(raw_.get(), proxy_url.get())); }
    config &set_ca_file(const detail::text &path) { return after(mlab_config_set_ca_file(raw_.get(), path.get())); }
    config &set_ca_pem(const detail::text &pem) { return after(mlab_config_set_ca_pem(raw_.get(), pem.get())); }
    config &set_roots(std::int32_t roots) { return after(mlab_config_set_roots(raw_.get(), roots)); }
    config &set_retries(std::uint32_t retries) { return after(mlab_config_set_retries(raw_.get(), retries)); }
    config &set_requests_per_second(double requests)
    {
        return after(mlab_config_set_requests_per_second(raw_.get(), requests));
    }
    config &set_workers(std::uint32_t workers) { return after(mlab_config_set_workers(raw_.get(), workers)); }
    config &set_max_jobs(std::uint32_t max_jobs) { return after(mlab_config_set_max_jobs(raw_.get(), max_jobs)); }
    config &set_image_limit(std::uint64_t max_bytes) { return after(mlab_config_set_image_limit(raw_.get(), max_bytes)); }
    config &set_max_images(std::uint32_t count) { return after(mlab_config_set_max_images(raw_.get(), count)); }

    /** Entries of this level and those that matter more: MLAB_LOG_ERROR to MLAB_LOG_DEBUG. An empty function: nowhere. */
    config &set_log(std::int32_t level, log_function log)
    {
        auto made = log ? std::make_shared<log_function>(std::move(log)) : nullptr;
        mlab_log_fn call = made ? detail::on_log : nullptr;
        return after(mlab_config_set_log(raw_.get(), level, call, made.get()), callables_.log, made);
    }
    /** An empty start: the library's own HTTP. */
    config &set_transport(std::function<void(exchange)> start, std::function<void(std::uint64_t)> cancel = nullptr)
    {
        auto made = std::make_shared<detail::transport>();
        mlab_transport_start_fn on_start = start ? detail::on_start : nullptr;
        mlab_transport_cancel_fn on_cancel = cancel ? detail::on_cancel : nullptr;
        *made = detail::transport{std::move(start), std::move(cancel)};
        return after(mlab_config_set_transport(raw_.get(), on_start, on_cancel, made.get()), callables_.transport, made);
    }
    config &set_transport_pull()
    {
        std::shared_ptr<detail::transport> none;
        return after(mlab_config_set_transport_pull(raw_.get()), callables_.transport, none);
    }

    const detail::callables &callables() const noexcept { return callables_; }

private:
    config &after(std::int32_t status)
    {
        refusal_.note(status, mlab_config_message(raw_.get()));
        return *this;
    }
    /** The same with a callable: what C refuses it does not have, and it keeps the one before. */
    template <class Callable>
    config &after(std::int32_t status, std::shared_ptr<Callable> &kept, std::shared_ptr<Callable> &made)
    {
        if (status == MLAB_OK)
            kept.swap(made);
        return after(status);
    }

    detail::callables callables_; /* Above the config, which is to end first. */
    detail::owner<mlab_config, mlab_config_free> raw_;
    detail::refusal refusal_;
};

/** What fetch_queued() and parse() use from now on. Its callables live until the program ends. */
inline std::int32_t set_default_config(const config &settings)
{
    /* Calls under way keep theirs, and nobody knows until when: they stay in a list that is never freed. */
    struct kept {
        detail::callables callables;
        kept *next;
    };
    static std::atomic<kept *> all(nullptr);
    kept *const one = new kept{settings.callables(), all.load()};
    while (!all.compare_exchange_weak(one->next, one)) {
    }
    /* As a client, it does not take a config of which a value was refused. */
    const std::int32_t status = settings.status() == MLAB_OK ? mlab_set_default_config(settings.get()) : settings.status();
#if MLAB_HPP_THROWS
    detail::checked(status);
#endif
    return status;
}

/** The built-in settings again. */
inline std::int32_t set_default_config(std::nullptr_t) noexcept { return mlab_set_default_config(nullptr); }

/* --------------------------------------------------------------------------------------------------------------------
 * The request
 * -------------------------------------------------------------------------------------------------------------------- */

/** How a wait stands after a poll that did not end it. */
struct progress {
    std::int32_t polls;
    milliseconds elapsed;
    milliseconds eta; /* -1 if the server did not say. */
    milliseconds next_poll; /* Since the start of the wait. */
};

/** Told of progress: true to go on, false to end the wait with MLAB_E_CANCELLED. */
using progress_function = std::function<bool(const progress &)>;

namespace detail {

inline std::int32_t on_progress(void *user, std::int32_t polls, std::int64_t elapsed_ms, std::int64_t eta_ms,
                                std::int64_t next_poll_ms) noexcept
{
    const progress now = {polls, milliseconds(elapsed_ms), milliseconds(eta_ms), milliseconds(next_poll_ms)};
    return shielded([&] { return (*static_cast<progress_function *>(user))(now); }, false) ? 0 : 1;
}

} // namespace detail

/** One job to wait for, or one image to download. */
class request {
public:
    request(const char *id) : raw_(mlab_request_new(id)) {}
    request(const std::string &id) : raw_(mlab_request_new(detail::text(id).get())) {}
    request(string_view id) : raw_(mlab_request_new(detail::text(id).get())) {}
    /** One image by its URL. */
    static request download(const detail::text &url) { return request(mlab_request_new_download(url.get())); }

    const mlab_request *get() const noexcept { return refusal_.status() == MLAB_OK ? raw_.get() : nullptr; }
    /** MLAB_OK, or why the first setter that refused its value did so: a request of which a value was refused is not used. */
    std::int32_t status() const noexcept { return refusal_.status(); }
    /** Of the first setter that refused its value, else of an id that cannot be used. */
    string_view message() const noexcept
    {
        return refusal_.status() == MLAB_OK ? string_view(mlab_request_message(raw_.get())) : string_view(refusal_.message());
    }

    request &set_deadline(detail::time deadline)
    {
        return after(mlab_request_set_deadline_ms(raw_.get(), deadline.ms()));
    }
    request &set_poll(detail::time min, detail::time max)
    {
        return after(mlab_request_set_poll_ms(raw_.get(), min.ms(), max.ms()));
    }
    request &set_eta(detail::time eta) { return after(mlab_request_set_eta_ms(raw_.get(), eta.ms())); }
    request &set_tag(std::uint64_t tag) { return after(mlab_request_set_tag(raw_.get(), tag)); }
    /** An empty function: none. */
    request &set_progress(progress_function told)
    {
        progress_ = told ? std::make_shared<progress_function>(std::move(told)) : nullptr;
        mlab_progress_fn call = progress_ ? detail::on_progress : nullptr;
        return after(mlab_request_set_progress(raw_.get(), call, progress_.get()));
    }
    request &set_download_memory(std::uint64_t max_bytes)
    {
        return after(mlab_request_set_download_memory(raw_.get(), max_bytes));
    }
    request &set_download_dir(const detail::text &path, std::uint32_t flags = 0)
    {
        return after(mlab_request_set_download_dir(raw_.get(), path.get(), flags));
    }
    request &set_download_file(const detail::text &path)
    {
        return after(mlab_request_set_download_file(raw_.get(), path.get()));
    }
    request &set_poll_once(bool once) { return after(mlab_request_set_poll_once(raw_.get(), once ? 1 : 0)); }
    request &set_image_events(bool wanted) { return after(mlab_request_set_image_events(raw_.get(), wanted ? 1 : 0)); }

    const std::shared_ptr<progress_function> &progress() const noexcept { return progress_; }

private:
    explicit request(mlab_request *raw) : raw_(raw) {}
    request &after(std::int32_t status)
    {
        refusal_.note(status, mlab_request_message(raw_.get()));
        return *this;
    }

    std::shared_ptr<progress_function> progress_;
    detail::owner<mlab_request, mlab_request_free> raw_;
    detail::refusal refusal_;
};

/* --------------------------------------------------------------------------------------------------------------------
 * Events
 * -------------------------------------------------------------------------------------------------------------------- */

/** What happened to a job. Empty where nothing did. */
class event {
public:
    event() noexcept {}
    explicit event(mlab_event *raw) noexcept : raw_(raw) {}
    explicit operator bool() const noexcept { return raw_ != nullptr; }
    const mlab_event *get() const noexcept { return raw_.get(); }

    std::int32_t kind() const noexcept { return mlab_event_kind(get()); }
    bool is_progress() const noexcept { return kind() == MLAB_EVENT_PROGRESS; }
    bool is_done() const noexcept { return kind() == MLAB_EVENT_DONE; }
    bool is_image() const noexcept { return kind() == MLAB_EVENT_IMAGE; }
    std::int32_t index() const noexcept { return mlab_event_index(get()); }
    std::uint64_t job() const noexcept { return mlab_event_job(get()); }
    std::uint64_t tag() const noexcept { return mlab_event_tag(get()); }
    std::int32_t status() const noexcept { return mlab_event_status(get()); }
    std::int32_t polls() const noexcept { return mlab_event_polls(get()); }
    milliseconds elapsed() const noexcept { return milliseconds(mlab_event_elapsed_ms(get())); }
    std::int64_t eta_ms() const noexcept { return mlab_event_eta_ms(get()); }
    std::int64_t next_poll_ms() const noexcept { return mlab_event_next_poll_ms(get()); }
#if MLAB_HPP_STANDARD >= 201703L
    std::optional<milliseconds> eta() const noexcept { return detail::said(eta_ms()); }
    std::optional<milliseconds> next_poll() const noexcept { return detail::said(next_poll_ms()); }
#endif
    std::int64_t bytes_done() const noexcept { return mlab_event_bytes_done(get()); }
    /** -1 while it is not known. */
    std::int64_t bytes_total() const noexcept { return mlab_event_bytes_total(get()); }

    /** Lent until the event ends. */
    result_view result() const & noexcept { return result_view(mlab_event_result(get())); }
    result_view result() const && = delete;
    mlab::result take_result() noexcept { return mlab::result(mlab_event_take_result(raw_.get())); }

private:
    detail::owner<mlab_event, mlab_event_free> raw_;
};

/* --------------------------------------------------------------------------------------------------------------------
 * The client
 * -------------------------------------------------------------------------------------------------------------------- */

class event_range;

/** A key, settings and kept connections, for any number of calls and jobs, from any threads at once. */
class client {
public:
    /** With the key of MODELSLAB_API_KEY, else of API_KEY. */
    client() : client(key_of_environment()) {}
    explicit client(const config &settings) : client(key_of_environment(), settings) {}
    explicit client(const detail::text &key) { open(key, nullptr, MLAB_OK, nullptr); }
    client(const detail::text &key, const config &settings)
    {
        if (settings.callables().log != nullptr || settings.callables().transport != nullptr)
            callables_ = std::make_shared<detail::callables>(settings.callables());
        open(key, settings.get(), settings.status(), settings.message().c_str());
    }
    /* Key and settings may be given as anything that a text is made from. */
    explicit client(const char *key) : client(detail::text(key)) {}
    explicit client(const std::string &key) : client(detail::text(key)) {}
    client(client &&) = default;
    client &operator=(client &&other) noexcept
    {
        const std::shared_ptr<detail::callables> kept = callables_; /* Until the client that calls them has ended. */
        callables_ = std::move(other.callables_);
        raw_ = std::move(other.raw_);
        status_ = other.status_;
        message_ = std::move(other.message_);
        return *this;
    }
    ~client() = default;

    const mlab_client *get() const noexcept { return raw_.get(); }
    /** MLAB_OK, or why the client was refused; each call on it then answers that. */
    std::int32_t status() const noexcept { return status_; }
    /** Why the client was refused; empty for one that was not. */
    const std::string &message() const noexcept { return message_; }

    result try_fetch(const detail::text &id, const stopper &stop = stopper()) const
    {
        return call([&](mlab_result **out) { return mlab_client_fetch(get(), id.get(), stop.get(), out); });
    }
    result try_wait(const request &what, const stopper &stop = stopper()) const
    {
        const std::shared_ptr<progress_function> kept = what.progress();
        return call([&](mlab_result **out) { return mlab_client_wait(get(), what.get(), stop.get(), out); });
    }
    result try_download(const detail::text &url, const detail::text &path, const stopper &stop = stopper()) const
    {
        return call(
            [&](mlab_result **out) { return mlab_client_download(get(), url.get(), path.get(), stop.get(), out); });
    }
    result try_download_memory(const detail::text &url, std::uint64_t max_bytes, const stopper &stop = stopper()) const
    {
        return call(
            [&](mlab_result **out) { return mlab_client_download_memory(get(), url.get(), max_bytes, stop.get(), out); });
    }
    /** Opens a job. */
    std::int32_t try_submit(const request &what, std::uint64_t *job = nullptr) const
    {
        return plain([&] { return mlab_client_submit(get(), what.get(), job); });
    }
    /** MLAB_OK: an event. MLAB_NO_EVENT: none in time. A loop ends at any negative status. */
    std::int32_t try_next_event(detail::time timeout, event &out) const
    {
        mlab_event *raw = nullptr;
        out = event();
        const std::int32_t status = plain([&] { return mlab_client_next_event(get(), timeout.ms(), &raw); }, &raw, &out);
        return status;
    }
    /** The same for exchanges, with config::set_transport_pull(). */
    std::int32_t try_next_exchange(detail::time timeout, exchange &out) const
    {
        mlab_exchange *raw = nullptr;
        out = exchange();
        return plain([&] { return mlab_client_next_exchange(get(), timeout.ms(), &raw); }, &raw, &out);
    }

#if MLAB_HPP_THROWS
    /** One poll: MLAB_OK or MLAB_PROCESSING. */
    result fetch(const detail::text &id, const stopper &stop = stopper()) const
    {
        return detail::checked(try_fetch(id, stop));
    }
    /** Until the images are there. */
    result wait(const request &what, const stopper &stop = stopper()) const { return detail::checked(try_wait(what, stop)); }
    result download(const detail::text &url, const detail::text &path, const stopper &stop = stopper()) const
    {
        return detail::checked(try_download(url, path, stop));
    }
    result download_memory(const detail::text &url, std::uint64_t max_bytes, const stopper &stop = stopper()) const
    {
        return detail::checked(try_download_memory(url, max_bytes, stop));
    }
    std::uint64_t submit(const request &what) const
    {
        std::uint64_t job = 0;
        const std::int32_t status = try_submit(what, &job);
        const std::string why(what.message());
        detail::checked(status, status == MLAB_E_INVALID_ARGUMENT && !why.empty() ? why.c_str() : nullptr);
        return job;
    }
    /** Empty if none came in time. */
    event next_event(detail::time timeout) const
    {
        event next;
        detail::checked(try_next_event(timeout, next));
        return next;
    }
    exchange next_exchange(detail::time timeout) const
    {
        exchange next;
        detail::checked(try_next_exchange(timeout, next));
        return next;
    }
#endif

    /** Events as they come, until no job is open or the client is shut down: for (mlab::event &event : client.events()). */
    event_range events() const noexcept;

    /** 0: all jobs. */
    std::int32_t cancel_job(std::uint64_t job) const
    {
        return plain([&] { return mlab_client_cancel_job(get(), job); });
    }
    std::size_t pending() const noexcept { return mlab_client_pending(get()); }
    void wakeup() const noexcept { mlab_client_wakeup(get()); }
    /** MLAB_OK, or MLAB_E_BUSY while not all have left. */
    std::int32_t shutdown(detail::time timeout) const
    {
        return plain([&] { return mlab_client_shutdown(get(), timeout.ms()); });
    }
    /** For epoll and its like; -1 if there is none. */
    std::int32_t event_fd() const noexcept { return mlab_client_event_fd(get()); }
    /** A HANDLE on Windows; elsewhere NULL. */
    void *event_handle() const noexcept { return mlab_client_event_handle(get()); }
    /** -1 if nothing is planned. */
    std::int64_t next_due_ms() const noexcept { return mlab_client_next_due_ms(get()); }
#if MLAB_HPP_STANDARD >= 201703L
    std::optional<milliseconds> next_due() const noexcept { return detail::said(next_due_ms()); }
#endif

private:
    static const char *key_of_environment() noexcept
    {
        for (const char *name : {"MODELSLAB_API_KEY", "API_KEY"}) {
            const char *key = std::getenv(name);
            if (key != nullptr && *key != '\0')
                return key;
        }
        return nullptr;
    }

    void open(const detail::text &key, const mlab_config *settings, std::int32_t refused, const char *why)
    {
        mlab_client *raw = nullptr;
        /* A config of which a value was refused makes a client that is refused for the same reason. */
        status_ = mlab_client_new(refused == MLAB_OK ? key.get() : nullptr, settings, &raw);
        raw_.reset(raw);
        if (status_ != MLAB_OK)
            message_ = refused == MLAB_OK ? mlab_client_message(raw) : why;
        if (refused == MLAB_OK && key.get() == nullptr)
            message_ = "key: none was given, and neither MODELSLAB_API_KEY nor API_KEY is set";
#if MLAB_HPP_THROWS
        detail::checked(status_, message_.c_str());
#endif
    }

    template <class Call>
    result call(Call made) const
    {
        const std::shared_ptr<detail::callables> kept = callables_; /* The client may end meanwhile. */
        detail::parking parked;
        mlab_result *raw = nullptr;
        made(&raw);
        result owned(raw);
        parked.leave();
        return owned;
    }

    template <class Call>
    std::int32_t plain(Call made) const
    {
        const std::shared_ptr<detail::callables> kept = callables_;
        detail::parking parked;
        const std::int32_t status = made();
        parked.leave();
        return status;
    }

    /** The same with something that comes out, which is owned before anything is thrown. */
    template <class Call, class Raw, class Owner>
    std::int32_t plain(Call made, Raw **raw, Owner *out) const
    {
        return plain([&] {
            const std::int32_t status = made();
            *out = Owner(*raw);
            return status;
        });
    }

    std::shared_ptr<detail::callables> callables_; /* Above the client, which is to end first. */
    detail::owner<mlab_client, mlab_client_free> raw_;
    std::int32_t status_ = MLAB_OK;
    std::string message_;
};

/** The events of a client as an input range. */
class event_range {
public:
    class iterator {
    public:
        using iterator_category = std::input_iterator_tag;
        using value_type = event;
        using difference_type = std::ptrdiff_t;
        using pointer = event *;
        using reference = event &;

        iterator() noexcept : client_(nullptr) {}
        explicit iterator(const client *from) : client_(from) { ++*this; }
        event &operator*() noexcept { return event_; }
        event *operator->() noexcept { return &event_; }
        iterator &operator++()
        {
            std::int32_t status = MLAB_NO_EVENT;
            event_ = event();
            while (status == MLAB_NO_EVENT && client_->pending() > 0)
                status = client_->try_next_event(milliseconds(200), event_); /* Another thread may take the last one. */
            if (status != MLAB_OK)
                client_ = nullptr;
            return *this;
        }
        bool operator==(const iterator &other) const noexcept { return client_ == other.client_; }
        bool operator!=(const iterator &other) const noexcept { return client_ != other.client_; }

    private:
        const client *client_;
        event event_;
    };

    explicit event_range(const client *from) noexcept : client_(from) {}
    iterator begin() const { return iterator(client_); }
    iterator end() const noexcept { return iterator(); }

private:
    const client *client_;
};

inline event_range client::events() const noexcept { return event_range(this); }

/* --------------------------------------------------------------------------------------------------------------------
 * The one call
 * -------------------------------------------------------------------------------------------------------------------- */

namespace detail {

template <class Call>
result without_client(Call made)
{
    parking parked;
    mlab_result *raw = nullptr;
    made(&raw);
    result owned(raw);
    parked.leave();
    return owned;
}

} // namespace detail

/** One poll without a client. */
inline result try_fetch_queued(const detail::text &key, const detail::text &id)
{
    return detail::without_client([&](mlab_result **out) { return mlab_fetch_queued(key.get(), id.get(), out); });
}

/** Rules on a reply that came some other way. http_status 0: not known. */
inline result try_parse(const void *body, std::size_t size, std::int32_t http_status)
{
    return detail::without_client([&](mlab_result **out) { return mlab_parse(body, size, http_status, out); });
}

inline result try_parse(string_view body, std::int32_t http_status = 0)
{
    return try_parse(static_cast<const void *>(body.data()), body.size(), http_status);
}

#if MLAB_HPP_THROWS
inline result fetch_queued(const detail::text &key, const detail::text &id)
{
    return detail::checked(try_fetch_queued(key, id));
}

inline result parse(const void *body, std::size_t size, std::int32_t http_status)
{
    return detail::checked(try_parse(body, size, http_status));
}

inline result parse(string_view body, std::int32_t http_status = 0) { return detail::checked(try_parse(body, http_status)); }
#endif

} // namespace MLAB_HPP_ABI
} // namespace mlab

#if MLAB_HPP_STANDARD >= 202002L && defined(__cpp_lib_ranges)
template <>
inline constexpr bool std::ranges::enable_borrowed_range<mlab::url_range> = true;
template <>
inline constexpr bool std::ranges::enable_view<mlab::url_range> = true;
#endif

#undef MLAB_HPP_ABI

#endif /* MLAB_HPP */
