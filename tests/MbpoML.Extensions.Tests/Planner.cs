using MbpoML.Acting;
using MbpoML.Environments;
using MbpoML.Imagination;
using static TorchSharp.torch;

namespace MbpoML.Extensions.Tests;

/// <summary>
/// Random shooting: the best of many random action sequences, imagined from where the task is. At work it follows a plan for some steps before it makes the
/// next one.
/// </summary>
internal sealed class Planner(ImaginedEnvironment imagined, BoxSpace actions) : IPolicy
{
    public const int StepsOfAPlan = 4;
    private const int Candidates = 400, Horizon = 6;

    /// <summary>Plans made so far.</summary>
    public int Plans { get; private set; }

    public int ObservationSize => imagined.Model.Layout.ObservationSize;

    public BoxSpace ActionSpace => actions;

    public IActor NewActor() => new Actor(this);

    public Tensor Act(Tensor observation)
    {
        using var generator = new Generator(1);
        return Sample(observation, generator);
    }

    public Tensor Sample(Tensor observation, Generator generator)
    {
        using var scope = NewDisposeScope();
        return stack([.. Enumerable.Range(0, (int)observation.size(0)).Select(row => Plan(observation.narrow(0, row, 1), generator)[0])])
            .MoveToOuterDisposeScope();
    }

    // [horizon, action]
    private Tensor Plan(Tensor observation, Generator generator)
    {
        Plans++;
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var sequences = (rand(Horizon, Candidates, ActionSpace.Size, generator: generator) * 2) - 1;
        var (states, returns) = (observation.repeat(Candidates, 1), zeros(Candidates));
        for (var step = 0; step < Horizon; step++)
        {
            var next = imagined.Step(states, sequences[step], generator);
            (states, returns) = (next.NextObservation, returns + next.Reward);
        }

        return sequences.index_select(1, returns.argmax().unsqueeze(0)).squeeze(1).MoveToOuterDisposeScope();
    }

    private sealed class Actor(Planner planner) : IActor
    {
        private Tensor? _plan;
        private int _done;

        public void Begin(int rows)
        {
            if (rows != 1) throw new NotSupportedException("This planner plans for one episode at a time.");
            Forget();
        }

        public Tensor Act(Tensor observation, Generator? generator)
        {
            using var own = new Generator(1);
            if (_plan is null || _done == StepsOfAPlan)
            {
                Forget();
                _plan = planner.Plan(observation, generator ?? own).DetachFromDisposeScope();
            }

            return _plan[_done++].unsqueeze(0).clone();
        }

        public void Dispose() => Forget();

        private void Forget()
        {
            _plan?.Dispose();
            (_plan, _done) = (null, 0);
        }
    }
}
