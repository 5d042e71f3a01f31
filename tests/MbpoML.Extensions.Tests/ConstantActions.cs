using MbpoML.Planning;
using MbpoML.Saving;
using static TorchSharp.torch;

namespace MbpoML.Extensions.Tests;

/// <summary>An optimizer of a stranger's: the best of some actions that are held for the whole horizon. It remembers nothing.</summary>
internal sealed class ConstantActions(int levels) : IActionSequenceOptimizer
{
    public IActionSequenceSearch CreateSearch(int horizon, int actionSize) => new Search(levels, horizon, actionSize);

    private sealed class Search(int levels, int horizon, int actionSize) : IActionSequenceSearch
    {
        public string Name => "constant";

        public void Begin(int rows)
        {
        }

        ActionSequences IActionSequenceSearch.Search(PlanningProblem problem, Generator generator)
        {
            using var scope = NewDisposeScope();
            var actions = linspace(-1, 1, problem.Affordable(levels)).view(1, -1, 1, 1);
            var sequences = problem.Restrict(actions.expand(problem.Rows, actions.size(1), horizon, actionSize).contiguous());
            var (value, best) = problem.Evaluate(sequences).max(1);
            var chosen = sequences.gather(1, best.view(-1, 1, 1, 1).expand(problem.Rows, 1, horizon, actionSize)).squeeze(1);
            return new ActionSequences(chosen.MoveToOuterDisposeScope(), value.MoveToOuterDisposeScope());
        }

        public void Advance(int steps)
        {
        }

        public void Keep(Tensor rows)
        {
        }

        public void Save(IStateWriter to)
        {
        }

        public void Restore(IStateReader from)
        {
        }

        public void Dispose()
        {
        }
    }
}
