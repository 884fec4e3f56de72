# Gould-Fernandez roles by sna's compiled loop, into roles.csv; prints the elapsed and the CPU seconds of one call.
suppressMessages(library(sna))
folder <- commandArgs(TRUE)[1]
arcs <- as.matrix(read.csv(file.path(folder, "arcs.csv"), header = FALSE))
group <- scan(file.path(folder, "groups.csv"), quiet = TRUE)
n <- length(group)
graph <- cbind(arcs, 1)
attr(graph, "n") <- n
attr(graph, "vnames") <- NULL
graph <- as.edgelist.sna(graph)
calls <- 0
seconds <- c(0, 0)
while (seconds[1] < 0.1) {
  spent <- system.time(found <- .C("brokerage_R", as.double(graph), as.integer(n), as.integer(NROW(graph)),
    as.integer(group), brok = as.double(matrix(0, n, 5)), PACKAGE = "sna", NAOK = TRUE))
  seconds <- seconds + c(spent["elapsed"], spent["user.self"] + spent["sys.self"])
  calls <- calls + 1
}
write.table(matrix(found$brok, n, 5), file.path(folder, "roles.csv"), row.names = FALSE, col.names = FALSE)
cat(seconds / calls)
