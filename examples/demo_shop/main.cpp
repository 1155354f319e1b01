// The demo shop: a shop on SQLite behind cpp-httplib, with pages. This file puts it together; see
// web.cpp for how a request reaches the shop.
#include <pthread.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <set>
#include <sstream>
#include <thread>

#include "connections.hpp"
#include "key_file.hpp"
#include "options.hpp"
#include "pages.hpp"
#include "resys/resys.hpp"
#include "sample_data.hpp"
#include "upkeep.hpp"
#include "visitors.hpp"
#include "web.hpp"

namespace demo {
namespace {

using resys::Errc;
using resys::Error;
using resys::Result;

constexpr int kExitUsage = 2;
constexpr std::chrono::seconds kPatience{4};

// Mails as lines of the log, where no SMTP server is named.
class LogMailer final : public resys::Mailer {
 public:
  explicit LogMailer(std::shared_ptr<resys::Log> log) : log_(std::move(log)) {}
  Result<void> send(const resys::Mail& mail) override {
    log_->write(resys::LogLevel::info, "mail to " + mail.to + ": " + mail.subject);
    return resys::success();
  }

 private:
  std::shared_ptr<resys::Log> log_;
};

Result<std::shared_ptr<resys::Mailer>> mailer_for(const Options& options,
                                                  const std::shared_ptr<resys::Log>& log) {
  if (options.smtp.empty()) {
    return std::static_pointer_cast<resys::Mailer>(std::make_shared<LogMailer>(log));
  }
  return resys::smtp_mailer({.url = options.smtp, .from = "Kettle & Clay <shop@example.com>"});
}

// For many threads in one process; SQLite has these settings once per process, so they are the
// host's. Counting the memory in use takes one lock at every allocation. Space for pages ahead of
// need, 87 kB of it, is allocated for each of the small temporary tables that statements make.
void configure_sqlite() {
  sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  sqlite3_config(SQLITE_CONFIG_PAGECACHE, static_cast<void*>(nullptr), 0, 0);
}

Result<std::unique_ptr<resys::Shop>> open_shop(const Options& options, const std::string& key,
                                               const std::shared_ptr<resys::Log>& log) {
  RESYS_TRY(mailer, mailer_for(options, log));
  resys::StripeOptions stripe;
  if (!options.stripe_api_base.empty()) stripe.api_base = options.stripe_api_base;
  // Each connection is a thread of the server: a thread of the shop writes for all of them.
  const bool is_file = !options.database.starts_with("sqlite:");
  return resys::Shop::open({
      .database = is_file ? "sqlite:" + options.database + "?writer=thread" : options.database,
      .secret_keys = {{"demo", key}},
      .secret_key_id = "demo",
      .processors = {resys::test_processor(), resys::stripe_processor(stripe),
                     resys::manual_processor()},
      .log = log,
      .mailer = mailer,
  });
}

void say_ready(int port, const std::string& staff_token) {
  const std::string address = "http://127.0.0.1:" + std::to_string(port);
  for (const Account& account : kAccounts) {
    std::cout << "demo account " << account.email << " password " << account.password << '\n';
  }
  std::cout << "staff token " << staff_token << '\n'
            << "shop page " << address << "/\n"
            << "staff page " << address << "/staff\n"
            << "resys demo shop ready on " << address << std::endl;
}

// What Ctrl-C and the system's "please stop" send. They are blocked in all threads, for one to wait
// for them.
constexpr int kStopSignals[] = {SIGINT, SIGTERM};

sigset_t stop_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : kStopSignals) sigaddset(&signals, signal);
  return signals;
}

// Whether one of them has come.
bool is_to_stop() {
  sigset_t pending;
  sigpending(&pending);
  return std::any_of(std::begin(kStopSignals), std::end(kStopSignals),
                     [&](int signal) { return sigismember(&pending, signal) == 1; });
}

// A payment processor that hangs must not keep the program. The calls that are under way then are
// repeated after the next start, because the shop has written down what it intends.
void exit_soon() {
  std::thread([] {
    std::this_thread::sleep_for(kPatience);
    std::_Exit(EXIT_SUCCESS);
  }).detach();
}

Result<void> serve_until_stopped(Server& server, int port, const std::string& staff_token) {
  std::atomic<bool> failed = false;
  std::thread listening([&] {
    failed = !server.listen_after_bind();
    if (failed) kill(getpid(), SIGTERM);
  });
  // A server that does not run yet cannot be stopped.
  while (!server.is_running() && !failed) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  say_ready(port, staff_token);

  const sigset_t signals = stop_signals();
  int received = 0;
  sigwait(&signals, &received);
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
  exit_soon();
  server.stop_soon();
  listening.join();
  if (failed) return Error(Errc::internal, "the server cannot accept connections any more");
  return resys::success();
}

// The names that browsers may know this server by. Another site's name that leads here would make
// that site's pages the shop's own.
std::set<std::string> hosts_of(const Options& options, int port) {
  std::set<std::string> hosts;
  for (const char* name : {"127.0.0.1", "localhost", "[::1]"}) {
    hosts.insert(std::string(name) + ":" + std::to_string(port));
  }
  if (!options.host.empty()) hosts.insert(in_lower_case(options.host));
  return hosts;
}

// Beside the database, unless it is said; nowhere for one in memory.
std::string backup_folder(const Options& options) {
  const std::filesystem::path file = database_file(options.database);
  if (!options.backups.empty() || file.empty()) return options.backups;
  return (std::filesystem::absolute(file).parent_path() / "backups").string();
}

Result<void> run(const Options& options) {
  if (options.check || !options.backup.empty()) return tend(options, is_to_stop);
  const std::shared_ptr<resys::Log> log =
      resys::stderr_log(options.quiet ? resys::LogLevel::warning : resys::LogLevel::info);
  const std::shared_ptr<resys::RandomSource> random = resys::system_random();
  RESYS_TRY(pages, Pages::load(RESYS_DEMO_FOLDER "/pages"));

  Server server;
  // Twice what the shop accepts: it refuses in its own words what is a little too large.
  server.set_payload_max_length(2 * resys::kMaxBodyBytes);
  const int port = server.listen_on("127.0.0.1", options.port);
  if (port < 0) {
    return Error(Errc::conflict, "cannot listen on 127.0.0.1:" + std::to_string(options.port) +
                                     "; is another server on that port?");
  }
  RESYS_TRY(key, load_or_make_key(options.database, *random));
  configure_sqlite();
  RESYS_TRY(sessions, Sessions::open(database_file(options.database)));
  RESYS_TRY(shop, open_shop(options, key, log));
  if (options.seed) {
    RESYS_TRYV(seed(*shop));
  }

  const std::string staff_token =
      options.staff_token.empty() ? random_hex(*random, 16) : options.staff_token;
  const Visitors visitors(*sessions, staff_token);
  Web web(*shop, *random, visitors, pages, hosts_of(options, port), backup_folder(options));
  web.mount(server);
  const resys::Worker worker(*shop);
  return serve_until_stopped(server, port, staff_token);
}

int fail(const Error& error, int status) {
  std::cerr << "resys_demo_shop: " << error.message() << '\n';
  return status;
}

std::string usage() {
  std::ostringstream text;
  text << std::ifstream(RESYS_DEMO_FOLDER "/usage.txt").rdbuf();
  return text.str();
}

int main(const std::vector<std::string>& arguments) {
  const auto options = parse_options(arguments);
  if (options.has_error()) {
    const int status = fail(options.error(), kExitUsage);
    std::cerr << '\n' << usage();
    return status;
  }
  if (options.value().help) {
    std::cout << usage();
    return EXIT_SUCCESS;
  }
  const sigset_t signals = stop_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  const auto ran = run(options.value());
  if (ran.has_value()) return EXIT_SUCCESS;
  const bool is_usage = ran.error().code() == Errc::invalid_request;
  return fail(ran.error(), is_usage ? kExitUsage : EXIT_FAILURE);
}

}  // namespace
}  // namespace demo

int main(int argc, char** argv) {
  try {
    return demo::main(std::vector<std::string>(argv + 1, argv + argc));
  } catch (const std::exception& exception) {
    std::cerr << "resys_demo_shop: " << exception.what() << '\n';
    return EXIT_FAILURE;
  }
}
