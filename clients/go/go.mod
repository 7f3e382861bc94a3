module probity

go 1.19
