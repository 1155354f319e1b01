// What a host's registry of tax ids says.
#pragma once

#include <optional>
#include <string>

#include "base/command.hpp"
#include "resys/time.hpp"

namespace resys::app {

// Asks the host's registry, if there is one and the id is not empty. A repetition of the request
// asks nobody, nor is the registry asked for an id that it has found before in this user's record
// (empty: a guest's). Returns when it said that the id is registered; nothing if it was not asked,
// or cannot say, which is logged. invalid_request at taxId: the id is not registered. To be called
// with no transaction open.
Result<std::optional<Timestamp>> look_up_tax_id(const Context& context, const Caller& caller,
                                                const RequestKey& key, const std::string& user_id,
                                                const std::string& tax_id);

}  // namespace resys::app
