-- Compliance counts requests by when they were due, and runs by when they ended, of months out of years.

create index requests_by_due on requests (coalesce(due_at, requested_at), id);
create index missions_by_end on missions (finished_at, id);
create index schedule_runs_missed on schedule_runs (scheduled_at) where decision = 'miss';
