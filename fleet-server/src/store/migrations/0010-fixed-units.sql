-- Light from a unit that is fixed in the room, where somebody asks for it.

alter table requests add column is_by_fixed_unit boolean not null default false;
