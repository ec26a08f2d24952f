# frozen_string_literal: true

require_relative "mlab/library"
require_relative "mlab/result"
require_relative "mlab/errors"
require_relative "mlab/event"
require_relative "mlab/settings"
require_relative "mlab/handle"
require_relative "mlab/pump"
require_relative "mlab/client"
