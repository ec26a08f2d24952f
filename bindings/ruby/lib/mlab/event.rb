# frozen_string_literal: true

module Mlab
  # What happened to a job. kind is :progress, :image or :done. Times are in seconds, and nil where they are not known;
  # next_poll counts from the beginning of the job. index says which image is there; result is nil for :progress.
  Event = Struct.new(
    :kind, :id, :status, :polls, :elapsed, :eta, :next_poll, :bytes_done, :bytes_total, :index, :result,
    keyword_init: true
  ) do
    def done?
      kind == :done
    end

    # Copies an event, for the job of this id; nil for a kind that only a later library has.
    def self.read(handle, id)
      kind = Event::KINDS[Raw.mlab_event_kind(handle)]
      return if kind.nil?

      total = Raw.mlab_event_bytes_total(handle)
      result = Raw.mlab_event_take_result(handle)
      new(
        kind: kind,
        id: id,
        status: Raw.mlab_event_status(handle),
        polls: Raw.mlab_event_polls(handle),
        elapsed: Raw.mlab_event_elapsed_ms(handle) / 1000.0,
        eta: Result.seconds(Raw.mlab_event_eta_ms(handle)),
        next_poll: Result.seconds(Raw.mlab_event_next_poll_ms(handle)),
        bytes_done: Raw.mlab_event_bytes_done(handle),
        bytes_total: total.negative? ? nil : total,
        index: kind == :image ? Raw.mlab_event_index(handle) : nil,
        result: result.null? ? nil : Result.take(result)
      )
    end
  end
  Event::KINDS = { Raw::EVENT_PROGRESS => :progress, Raw::EVENT_IMAGE => :image, Raw::EVENT_DONE => :done }.freeze
end
