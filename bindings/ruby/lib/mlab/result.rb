# frozen_string_literal: true

module Mlab
  # Strings that cross.
  module Text
    # A string of the library, which is always valid UTF-8; nil for NULL. ffi made a String of its own of it.
    def self.utf8(string)
      string&.force_encoding(Encoding::UTF_8)
    end

    # A string for the library, which would end at a NUL.
    def self.checked(name, value)
      raise Error.for(Raw::E_INVALID_ARGUMENT, "#{name}: must be a string") unless value.is_a?(String)
      raise Error.for(Raw::E_INVALID_ARGUMENT, "#{name}: has a NUL inside") if value.include?("\0")

      text = value.encode(Encoding::UTF_8)
      raise EncodingError unless text.valid_encoding?

      text
    rescue EncodingError
      raise Error.for(Raw::E_INVALID_ARGUMENT, "#{name}: is not valid #{value.encoding}")
    end
  end
  private_constant :Text

  # An image that was downloaded: its bytes, or the path of its file. Width and height in pixels, 0 if it does not say.
  Image = Struct.new(:type, :width, :height, :bytes, :path, keyword_init: true)

  # A status, the image URLs, a message and more, copied out of the library. Times are in seconds, and nil where the server
  # did not say.
  class Result
    attr_reader :status, :urls, :message, :id, :http_status, :eta, :retry_after, :attempts, :elapsed
    # An Image each, nil where one is missing.
    attr_reader :images
    # The reply as it came, with *** for the key.
    attr_reader :body
    # The same as urls, as the vendor's reply calls them.
    alias output urls

    # Copies a result and ends it. The memory is for a length; whoever has some at hand hands it over.
    def self.take(handle, memory = FFI::MemoryPointer.new(8))
      new(handle, memory)
    ensure
      Raw.mlab_result_free(handle)
    end

    # Milliseconds as seconds; those that are not known as nil.
    def self.seconds(milliseconds)
      milliseconds.negative? ? nil : milliseconds / 1000.0
    end

    # Loops and not blocks: each result that is parsed goes through here.
    def initialize(handle, length)
      @status = Raw.mlab_result_status(handle)
      @urls = []
      count = Raw.mlab_result_url_count(handle)
      @urls << Raw.mlab_result_url(handle, @urls.size).force_encoding(Encoding::UTF_8) while @urls.size < count
      @message = Raw.mlab_result_message(handle).force_encoding(Encoding::UTF_8)
      @id = Raw.mlab_result_id(handle).force_encoding(Encoding::UTF_8)
      @http_status = Raw.mlab_result_http_status(handle)
      @eta = (ms = Raw.mlab_result_eta_ms(handle)).negative? ? nil : ms / 1000.0
      @retry_after = (ms = Raw.mlab_result_retry_after_ms(handle)).negative? ? nil : ms / 1000.0
      @retryable = Raw.mlab_result_is_retryable(handle) != 0
      @attempts = Raw.mlab_result_attempts(handle)
      @elapsed = Raw.mlab_result_elapsed_ms(handle) / 1000.0
      @body = bytes(Raw.mlab_result_body(handle, length), length)
      @images = []
      count = Raw.mlab_result_image_count(handle)
      @images << image(handle, @images.size, length) while @images.size < count
    end

    # Whether the images are there.
    def ready?
      status == Raw::OK
    end

    def retryable?
      @retryable
    end

    # This result, unless it tells of an error.
    def check!
      raise Error.for(status, message, self) if status.negative?

      self
    end

    private

    def image(handle, index, length)
      type = Raw.mlab_result_image_type(handle, index)
      return if type.nil?

      Image.new(
        type: Text.utf8(type),
        width: Raw.mlab_result_image_width(handle, index),
        height: Raw.mlab_result_image_height(handle, index),
        bytes: bytes(Raw.mlab_result_image(handle, index, length), length),
        path: Text.utf8(Raw.mlab_result_image_path(handle, index))
      )
    end

    if FFI::Pointer.size == 8
      def bytes(address, length) = address.null? ? nil : address.read_bytes(length.read_uint64)
    else
      def bytes(address, length) = address.null? ? nil : address.read_bytes(length.read_uint32)
    end
  end
end
