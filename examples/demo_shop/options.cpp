// Reads the command line: `--name value` or `--name=value`; the last of a name counts.
#include "options.hpp"

#include <algorithm>
#include <charconv>
#include <functional>
#include <map>

namespace demo {
namespace {

using resys::Errc;
using resys::Error;
using resys::Result;

using Setter = std::function<bool(Options&, const std::string& value)>;

bool set_port(Options& options, const std::string& text) {
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, options.port);
  return read.ec == std::errc() && read.ptr == end && options.port >= 0 && options.port <= 65535;
}

bool set_staff_token(Options& options, const std::string& text) {
  options.staff_token = text;
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 127; });
}

bool set_api_base(Options& options, const std::string& text) {
  options.stripe_api_base = text;
  while (options.stripe_api_base.ends_with('/')) options.stripe_api_base.pop_back();
  const auto is_to = [&](std::string_view beginning) { return text.starts_with(beginning); };
  return is_to("https://") || is_to("http://127.0.0.1") || is_to("http://localhost") ||
         is_to("http://[::1]");
}

Setter text_option(std::string Options::*member) {
  return [member](Options& options, const std::string& text) {
    options.*member = text;
    return !text.empty();
  };
}

Setter flag(bool Options::*member, bool value) {
  return [member, value](Options& options, const std::string&) {
    options.*member = value;
    return true;
  };
}

const std::map<std::string, Setter>& options_with_value() {
  static const std::map<std::string, Setter> all{{"--database", text_option(&Options::database)},
                                                 {"--port", set_port},
                                                 {"--stripe-api-base", set_api_base},
                                                 {"--smtp", text_option(&Options::smtp)},
                                                 {"--host", text_option(&Options::host)},
                                                 {"--backups", text_option(&Options::backups)},
                                                 {"--backup", text_option(&Options::backup)},
                                                 {"--staff-token", set_staff_token}};
  return all;
}

const std::map<std::string, Setter>& flags() {
  static const std::map<std::string, Setter> all{{"--no-seed", flag(&Options::seed, false)},
                                                 {"--quiet", flag(&Options::quiet, true)},
                                                 {"--check", flag(&Options::check, true)},
                                                 {"--help", flag(&Options::help, true)},
                                                 {"-h", flag(&Options::help, true)}};
  return all;
}

}  // namespace

Result<Options> parse_options(const std::vector<std::string>& arguments) {
  Options options;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (const auto found = flags().find(argument); found != flags().end()) {
      found->second(options, {});
      continue;
    }
    const std::size_t equals = argument.find('=');
    const std::string name = argument.substr(0, equals);
    const auto found = options_with_value().find(name);
    if (found == options_with_value().end()) {
      return Error(Errc::invalid_request, "unknown option: " + argument).at(name);
    }
    if (equals == std::string::npos && i + 1 == arguments.size()) {
      return Error(Errc::invalid_request, name + " needs a value").at(name);
    }
    const std::string value =
        equals == std::string::npos ? arguments[++i] : argument.substr(equals + 1);
    if (!found->second(options, value)) {
      return Error(Errc::invalid_request, name + " does not accept \"" + value + "\"").at(name);
    }
  }
  return options;
}

}  // namespace demo
