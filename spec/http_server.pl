#!/usr/bin/env perl
# A small HTTP server for spec/download_spec.lua: the files of a folder, on a free port of this machine.
#
#   perl http_server.pl FOLDER PORT_FILE     ends when its standard input does
#
# Where a name begins so, the server misbehaves: "norange-" knows no ranges, "cut-" breaks off after
# half of what was asked for, "moved-" redirects. LOG in the folder gets a line a request:
# "path range status".
use strict;
use warnings;
use IO::Select;
use IO::Socket::INET;

my ($folder, $port_file) = @ARGV;
my $server = IO::Socket::INET->new(LocalAddr => "127.0.0.1", Proto => "tcp", Listen => 8) or die $!;
open(my $port, ">", "$port_file.new") or die $!;
print $port $server->sockport, "\n";
close $port;
rename "$port_file.new", $port_file;

sub request {
  my ($client) = @_;
  my $first = <$client> // return;
  my ($path) = $first =~ m{^GET /([\w.-]+)};
  my $range;
  while (my $line = <$client>) {
    last if $line =~ /^\r?\n$/;
    $range = $1 if $line =~ /^Range: bytes=(\d+)-/i;
  }
  return ($path, $range);
}

sub bytes_of {
  my ($path) = @_;
  open(my $file, "<:raw", "$folder/$path") or return undef;
  local $/;
  return <$file>;
}

my $asked;  # path and range of the request

sub answer {
  my ($client, $status, $header, $bytes) = @_;
  open(my $log, ">>", "$folder/LOG") or die $!;
  print $log $asked, " ", substr($status, 0, 3), "\n";
  close $log;
  print $client "HTTP/1.1 $status\r\nConnection: close\r\n$header\r\n\r\n", $bytes;
}

sub serve {
  my ($client, $path, $range) = @_;
  return answer($client, "400 Bad Request", "Content-Length: 0", "") unless defined $path;
  return answer($client, "302 Found", "Location: /$1\r\nContent-Length: 5", "moved") if $path =~ /^moved-(.*)/;
  my $bytes = bytes_of($path);
  return answer($client, "404 Not Found", "Content-Length: 9", "not found") unless defined $bytes;
  my $size = length $bytes;
  my $partial = defined $range && $path !~ /^norange-/;
  if ($partial && $range >= $size) {
    return answer($client, "416 Range Not Satisfiable", "Content-Range: bytes */$size\r\nContent-Length: 0", "");
  }
  my $part = $partial ? substr($bytes, $range) : $bytes;
  my $header = "Content-Length: " . length $part;
  $header .= "\r\nContent-Range: bytes $range-" . ($size - 1) . "/$size" if $partial;
  $part = substr($part, 0, int(length($part) / 2)) if $path =~ /^cut-/;
  return answer($client, $partial ? "206 Partial Content" : "200 OK", $header, $part);
}

$SIG{PIPE} = "IGNORE";
my $wait = IO::Select->new($server, \*STDIN);
while (1) {
  for my $ready ($wait->can_read) {
    exit 0 if $ready != $server;
    my $client = $server->accept or next;
    my ($path, $range) = request($client);
    $asked = ($path // "-") . " " . ($range // "-");
    serve($client, $path, $range);
    close $client;
  }
}
