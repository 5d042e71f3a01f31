using MbpoML.Data;
using MbpoML.Numerics.Random;
using static TorchSharp.torch;

namespace MbpoML.Benchmarks.Naive;

/// <summary>A replay buffer of one object a transition, as it is written first: a minibatch is put together object by object.</summary>
internal sealed class ObjectReplay(TransitionLayout layout, int capacity)
{
    private readonly Transition[] _transitions = new Transition[capacity];
    private int _added;

    /// <summary>Adds a transition; the oldest gives way.</summary>
    public void Add(Transition transition) => _transitions[_added++ % capacity] = transition;

    public void Sample(int count, RandomSource random)
    {
        using var scope = NewDisposeScope();
        var (observations, actions, rewards) = (new float[count * layout.ObservationSize], new float[count * layout.ActionSize], new float[count]);
        var (nextObservations, terminated) = (new float[count * layout.ObservationSize], new float[count]);
        for (var row = 0; row < count; row++)
        {
            var transition = _transitions[random.NextInt32(Math.Min(_added, capacity))];
            transition.Observation.CopyTo(observations, row * layout.ObservationSize);
            transition.Action.CopyTo(actions, row * layout.ActionSize);
            transition.NextObservation.CopyTo(nextObservations, row * layout.ObservationSize);
            rewards[row] = transition.Reward;
            terminated[row] = transition.Terminated ? 1 : 0;
        }

        tensor(observations, [count, layout.ObservationSize]);
        tensor(actions, [count, layout.ActionSize]);
        tensor(nextObservations, [count, layout.ObservationSize]);
        tensor(rewards);
        tensor(terminated);
    }
}
