# frozen_string_literal: true

require "socket"

# Reports to Probity how long the API calls of a program take, and how they end, over UDP, in batches, from a thread. No call waits
# for it, and it raises nothing of its own. Any thread may use it, and a forked process reports its own calls only.
class Probity
  # Below the MTU of every network, so that no datagram is divided.
  MAX_DATAGRAM = 1024
  MAX_WAITING = 4096
  MAX_WAIT = 0.05
  # The collector knows this as the name of a call that the program itself gave up: its outcome is unknown.
  ABORTED = "AbortError"
  GIVEN_UP = [Interrupt, SystemExit, SignalException].freeze
  # Where libraries keep the status of an answer: Stripe, RestClient, Faraday, Net::HTTP, AWS, gRPC.
  PLACES = [
    ->(error) { error.http_status },
    ->(error) { error.status_code },
    ->(error) { error.http_code },
    ->(error) { error.response_status },
    ->(error) { error.response[:status] },
    ->(error) { Integer(error.response.code, 10) },
    ->(error) { error.context.http_response.status_code },
    ->(error) { OF_GRPC[error.code] if defined?(GRPC::BadStatus) && error.is_a?(GRPC::BadStatus) }
  ].freeze
  # The HTTP statuses that stand for the codes of gRPC, in the order of their numbers.
  OF_GRPC = [200, 499, 500, 400, 504, 404, 409, 403, 429, 400, 409, 400, 501, 500, 503, 500, 401].freeze
  URL = %r{\A((?:[a-z][a-z0-9+.-]*:)?//)?([^/?#\\]*)([^?#]*)}i

  # How many calls were not sent, because too many waited or the system did not take them.
  attr_reader :dropped

  # @param caller [String] the service that makes the calls, by default PROBITY_CALLER
  # @param version [String] its release, by default PROBITY_VERSION
  # @param address [String] host:port of Probity, by default PROBITY_CALLS_ADDRESS; if it is not valid, nothing is sent
  def initialize(caller: ENV.fetch("PROBITY_CALLER", ""), version: ENV.fetch("PROBITY_VERSION", ""),
                 address: ENV.fetch("PROBITY_CALLS_ADDRESS", "127.0.0.1:51712"))
    @caller = caller
    @version = version
    match = /\A(?:\[([0-9a-f:.]+)\]|([^\s:\[\]\/@]+))(?::(\d{1,5}))?\z/i.match(address)
    @host = match && (match[1] || match[2])
    @port = Integer(match && match[3] || "51712", 10)
    begin_process
    at_exit { close }
  end

  # Calls the block, reports the call under a name, and returns or raises what the block does.
  def call(name)
    started = now
    error = nil
    begin
      yield
    rescue Exception => error # rubocop:disable Lint/RescueException
      raise
    ensure
      seconds = now - started
      add { line("", "", seconds, error && status_of(error), name, error ? name_of(error) : "") }
    end
  end

  # Reports an HTTP request. Status 0 means that no response came; the error, if any, says why.
  def observe(method, url, seconds, status, error = nil)
    add { line(method, without_secrets(url), seconds, status, "", error ? name_of(error) : "") }
  end

  # Sends what waits. This happens by itself when the program ends, but not when a signal kills it.
  def close
    flush if @pid == Process.pid
  end

  private

  def begin_process
    @pid = Process.pid
    @waiting = Queue.new
    @flushing = Mutex.new
    @dropped = 0
    @socket = nil
    @thread = Thread.new do
      loop do
        @waiting.push(@waiting.pop)
        sleep MAX_WAIT
        flush
      end
    end
    @thread.report_on_exception = false
  end

  def add(&line)
    # A forked process has neither the thread nor anything to send: what waits belongs to its parent.
    begin_process unless @pid == Process.pid
    if @waiting.size >= MAX_WAITING
      @dropped += 1
    else
      @waiting.push(line)
    end
  rescue StandardError
    nil # The program's own code goes on.
  end

  def flush
    @flushing.synchronize do
      lines = +""
      count = 0
      @waiting.size.times do
        line = written(@waiting.pop(true))
        next unless line

        if count.positive? && lines.bytesize + line.bytesize > MAX_DATAGRAM
          transmit(lines, count)
          lines = +""
          count = 0
        end
        lines << line
        count += 1
      end
      transmit(lines, count) if count.positive?
    end
  rescue StandardError
    nil
  end

  # A name or a URL may be no text. The other calls are sent.
  def written(line)
    line.call
  rescue StandardError
    @dropped += 1
    nil
  end

  def transmit(lines, count)
    raise SocketError, "not host:port" unless @host && @port.between?(1, 65_535)

    # IPv4 first: where localhost is ::1 too, a collector that listens on 127.0.0.1 would hear nothing.
    to = Addrinfo.getaddrinfo(@host, @port, nil, :DGRAM).min_by { |one| one.ipv4? ? 0 : 1 }
    @socket ||= Socket.new(to.afamily, Socket::SOCK_DGRAM)
    @socket.sendmsg_nonblock(lines, 0, to)
  rescue StandardError
    @dropped += count
  end

  def line(method, url, seconds, status, operation, error)
    fields = ["2", field(method, 32), url, format("%.3f", seconds * 1000), status.to_s, field(operation, 200),
              field(@caller, 100), field(@version, 100), field(error, 100)]
    "#{fields.join("\t")}\n"
  end

  def field(text, limit)
    clean = text.to_s.encode("UTF-8", invalid: :replace, undef: :replace).scrub
    clean.gsub(/[[:cntrl:]\u2028\u2029]/, " ").strip[0, limit].strip
  end

  def without_secrets(url)
    scheme, authority, path = URL.match(url.to_s).captures
    host = authority.rpartition("@").last
    return "" if host.empty?

    path = "/#{path}" unless path.start_with?("/")
    field("#{scheme}#{host}", 300) + field(path, 512)
  end

  def name_of(error)
    GIVEN_UP.any? { |kind| error.is_a?(kind) } ? ABORTED : named(error.class)
  end

  # A class without a name is called as its parent is: no name would mean that nothing was raised.
  def named(kind)
    kind.name || named(kind.superclass)
  end

  # The status decides if there is one: a card that is declined with 402 is an answer of the API.
  def status_of(error)
    PLACES.each do |place|
      status = place.call(error)
      return status if status.is_a?(Integer) && status.between?(100, 599)
    rescue StandardError
      next # It is not in this place.
    end
    nil
  end

  def now
    Process.clock_gettime(Process::CLOCK_MONOTONIC)
  end
end
