# frozen_string_literal: true

module Mlab
  # Something went wrong; the classes below say what kind of thing.
  class Error < StandardError
    # The status: a number, and its name such as "MLAB_E_AUTH".
    attr_reader :status, :name
    # The Result, where there is one.
    attr_reader :result

    def initialize(status, message = nil, result = nil)
      @status = status
      @name = Text.utf8(Raw.mlab_status_name(status))
      @result = result
      super(message.nil? || message.empty? ? Text.utf8(Raw.mlab_status_text(status)) : message)
    end

    # Whether the same call may succeed later without anything being changed.
    def retryable?
      result ? result.retryable? : false
    end

    # How long the server wants to be left alone, in seconds; nil if it did not say.
    def retry_after
      result&.retry_after
    end

    # The error for a status; of a group that a later library has, a SystemError.
    def self.for(status, message = nil, result = nil)
      kind = STATUSES[status] || GROUPS.fetch(Raw.mlab_status_group(status), SystemError)
      kind.new(status, message, result)
    end
  end

  # You passed something wrong; nothing was sent.
  class ArgumentError < Error; end
  # It was ended on this side: by its deadline, which is a class of its own, or by close.
  class EndedError < Error; end
  # The job was not ready in time: wait again with the same id. The result has the last thing known.
  class DeadlineError < EndedError; end
  # This library, or the system under it.
  class SystemError < Error; end
  # The way to the server, or the server itself; most of it passes.
  class NetworkError < Error; end
  # The key, and what its account may do and pay for.
  class AccountError < Error; end
  # The server wants to be asked less often: see retry_after.
  class RateLimitError < AccountError; end
  # The job: unknown, failed, or refused for a reason of its own.
  class JobError < Error; end
  # An image or its file.
  class ImageError < Error; end

  GROUPS = {
    Raw::GROUP_ARGUMENT => ArgumentError,
    Raw::GROUP_ENDED => EndedError,
    Raw::GROUP_SYSTEM => SystemError,
    Raw::GROUP_NETWORK => NetworkError,
    Raw::GROUP_ACCOUNT => AccountError,
    Raw::GROUP_JOB => JobError,
    Raw::GROUP_IMAGE => ImageError
  }.freeze
  STATUSES = { Raw::E_DEADLINE => DeadlineError, Raw::E_RATE_LIMITED => RateLimitError }.freeze
  private_constant :GROUPS, :STATUSES
end
