"""crmkit review: what waits for the market manager's decision."""

from crmkit.commands.review_package import hang_review_package
from crmkit.commands.tree import group
from crmkit.report.words import _

app = group(_("The market manager's side: open a package, approve it, send it back."))

hang_review_package(app)
