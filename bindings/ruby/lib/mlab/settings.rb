# frozen_string_literal: true

module Mlab
  # Options by name, checked by the library's own setters.
  module Settings
    # What is set how: the setter behind mlab_config_set_, and the kind of its value.
    CONFIG = {
      endpoint: %i[endpoint text],
      connect_timeout: %i[connect_timeout_ms time],
      request_timeout: %i[request_timeout_ms time],
      body_limit: %i[body_limit int],
      user_agent: %i[user_agent text],
      proxy: %i[proxy text],
      ca_file: %i[ca_file text],
      ca_pem: %i[ca_pem text],
      roots: %i[roots roots],
      retries: %i[retries int],
      requests_per_second: %i[requests_per_second number],
      workers: %i[workers int],
      max_jobs: %i[max_jobs int],
      image_limit: %i[image_limit int],
      max_images: %i[max_images int]
    }.freeze

    # The same for mlab_request_set_.
    REQUEST = {
      deadline: %i[deadline_ms time],
      eta: %i[eta_ms time],
      poll: %i[poll_ms times],
      download_dir: %i[download_dir folder],
      download_memory: %i[download_memory int],
      download_file: %i[download_file text],
      image_events: %i[image_events flag]
    }.freeze

    ROOTS = { "bundled" => Raw::ROOTS_BUNDLED, "system" => Raw::ROOTS_SYSTEM }.freeze

    class << self
      # Gives a config with these options to the block, and ends it.
      def with_config(options)
        config = Raw.mlab_config_new
        apply(CONFIG, "mlab_config", config, options)
        yield config
      ensure
        Raw.mlab_config_free(config)
      end

      # Gives the request to the block with these options on it, and ends it.
      def with_request(request, options)
        # An id or URL that cannot be used is known at once.
        message = Raw.mlab_request_message(request)
        refuse(Text.utf8(message)) unless message.empty?
        apply(REQUEST, "mlab_request", request, options)
        yield request
      ensure
        Raw.mlab_request_free(request)
      end

      def refuse(message)
        raise Error.for(Raw::E_INVALID_ARGUMENT, message)
      end

      private

      def apply(setters, object, handle, options)
        options.each do |name, value|
          setter, kind = setters.fetch(name) { refuse("#{name}: there is no such option") }
          next if value.nil?

          status = set(name, :"#{object}_set_#{setter}", handle, *values(name, kind, value))
          next if status == Raw::OK

          # The library names its own parameter, which is called otherwise here.
          raise Error.for(status, "#{name}: #{Text.utf8(Raw.public_send(:"#{object}_message", handle))}")
        end
      end

      def set(name, setter, *arguments)
        Raw.public_send(setter, *arguments)
      rescue RangeError # Of ffi, for a number that C's type does not hold.
        refuse("#{name}: is too large")
      end

      def values(name, kind, value)
        case kind
        when :text then [Text.checked(name, value)]
        when :folder then [Text.checked(name, value), 0]
        when :time then [milliseconds(name, value)]
        when :times then pair(name, value)
        when :int then value.is_a?(Integer) && !value.negative? ? [value] : refuse("#{name}: must be a whole number from 0")
        when :number then value.is_a?(Numeric) ? [value.to_f] : refuse("#{name}: must be a number")
        when :flag then [value ? 1 : 0]
        when :roots then [ROOTS.fetch(value.to_s) { refuse("#{name}: must be :bundled or :system") }]
        end
      end

      def pair(name, value)
        least, most = value.is_a?(Range) ? [value.begin, value.end] : value
        [milliseconds(name, least), milliseconds(name, most)]
      end

      # Seconds in; more than a setter can take is as good as the day that it clamps to.
      def milliseconds(name, seconds)
        unless seconds.is_a?(Numeric) && seconds.real? && seconds >= 0
          refuse("#{name}: must be a number of seconds")
        end
        [seconds * 1000, 0xffffffff].min.ceil
      end
    end
  end
  private_constant :Settings
end
