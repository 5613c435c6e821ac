-- What people ask of the schedule for a request.

-- ScheduleWish of core/fleet.
alter table requests add column wish json not null
  default '{"priority":null,"notBefore":null,"startBy":null,"robotId":null}';
