# The verbs of Mall. `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help up down reset status logs demo check prepare test test-all lint verify bench install
export PATH := $(PATH):$(HOME)/.cargo/bin
stack := deploy/native/stack

help: ## list these verbs
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

up: ## install what is missing, build, start everything, seed, play the demo
	@$(stack) up

down: ## stop everything, keep the data
	@$(stack) down

reset: ## stop everything and drop the data
	@$(stack) reset

status: ## what runs, and where
	@$(stack) status

logs: ## follow the logs; one program's with s=order
	@$(stack) logs $(s)

demo: ## play the journey of a buyer on the running stack
	@$(stack) mall demo

check: ## format, lints and unit tests of one service, without servers: s=order
	@deploy/native/check $(s)

prepare: ## record the queries of one service in .sqlx, on the running servers: s=order
	@$(stack) prepare $(s)

test: ## run the tests against real servers of their own, of deaths and outages a third; t=kafka: what is called so
	@$(stack) test $(t)

test-all: ## run all tests, every death and outage too, and try the API documents at length
	@$(stack) test-all

lint: ## format, lints and the rules of the tree
	@deploy/native/lint

verify: ## check the invariants over the data of the running stack
	@$(stack) mall verify

bench: ## measure a stack of its own, built as it is shipped; profile=1 shows where the time goes
	@MALL_PROFILE=$(profile) $(stack) bench

install: ## only install what is missing
	@$(stack) install
