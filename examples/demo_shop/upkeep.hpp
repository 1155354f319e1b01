// Backups and checks of the demo shop's database: from the command line beside a running shop, and
// for staff into a folder.
#pragma once

#include <functional>
#include <string>

#include "options.hpp"
#include "resys/shop.hpp"

namespace demo {

// What --check and --backup do, until it is to stop; the results are printed as JSON. Errors:
// not_found (no such database), storage (the check found differences, too), invalid_state
// (stopped), those of Shop::backup.
resys::Result<void> tend(const Options& options, const std::function<bool()>& is_to_stop);

// Makes a backup in the folder, which is made if it is missing; the file is named by the moment.
resys::Result<resys::Backup> back_up_into(resys::Shop& shop, const std::string& folder);

}  // namespace demo
