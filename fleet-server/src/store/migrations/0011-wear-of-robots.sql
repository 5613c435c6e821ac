-- What robots last told of their wear, for while nobody hears them.

-- RobotWear of domain/robot-wear; null: it never told.
alter table robots add column wear json;
