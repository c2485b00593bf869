# Validates the Atom and RSS feeds that are named, with the parser of Ruby's RSS library, which
# refuses what its formats do not allow: unknown, missing or repeated elements and attributes, bad
# dates and numbers. It prints a line for each feed that is not valid, and how many items it read.

require "rss"

# `atom:link` in RSS, which the RSS Advisory Board recommends, is of another namespace, and unknown
# to the library.
ATOM_LINK = %r{<atom:link [^>]*/>}

failed = false
items = 0
ARGV.each do |path|
  text = File.read(path, encoding: "UTF-8")
  begin
    feed = RSS::Parser.parse(text.sub(ATOM_LINK, ""), validate: true, ignore_unknown_element: false)
    raise RSS::Error, "it is no feed that the library knows" if feed.nil?
    items += feed.items.size
  rescue RSS::Error => error
    failed = true
    puts "#{path}: #{error.message}"
  end
end
puts "#{ARGV.size} feeds with #{items} items are valid" unless failed
exit(failed ? 1 : 0)
