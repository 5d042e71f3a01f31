namespace MbpoML.Tests.Theory;

/// <summary>A Markov decision process of a few states and actions, in which returns and distances are computed exactly, by sums.</summary>
/// <param name="transition">[state, action][next state]</param>
/// <param name="policy">[state][action]</param>
internal sealed class TabularProcess(double[,][] transition, double[][] policy)
{
    public const int States = 5;
    public const int Actions = 3;

    // What is beyond weighs less than rounding.
    private const int Horizon = 3000;

    public double[,][] Transition => transition;

    public double[][] Policy => policy;

    public static TabularProcess Random(Random random)
    {
        var transition = new double[States, Actions][];
        for (var state = 0; state < States; state++)
            for (var action = 0; action < Actions; action++) transition[state, action] = Distribution(random, States);
        return new TabularProcess(transition, [.. Enumerable.Range(0, States).Select(_ => Distribution(random, Actions))]);
    }

    /// <summary>A process near this one: each distribution is mixed with another.</summary>
    public TabularProcess WithOtherTransition(Random random, double share)
    {
        var mixed = new double[States, Actions][];
        for (var state = 0; state < States; state++)
            for (var action = 0; action < Actions; action++)
                mixed[state, action] = Mixed(transition[state, action], Distribution(random, States), share * random.NextDouble());
        return new TabularProcess(mixed, policy);
    }

    public TabularProcess WithOtherPolicy(Random random, double share) =>
        new(transition, [.. policy.Select(row => Mixed(row, Distribution(random, Actions), share * random.NextDouble()))]);

    public TabularProcess WithPolicyOf(TabularProcess other) => new(transition, other.Policy);

    /// <summary>
    /// The discounted sum of the rewards [state, action] from a start, of a rollout whose last steps are of another process; all of them are of this one where
    /// none is given.
    /// </summary>
    public double Return(double[] start, double[,] rewards, double discount, TabularProcess? branch = null, int length = 0)
    {
        var (sum, weight) = (0.0, 1.0);
        // d_t of the branched rollout: all but the last steps before t are this process's.
        var before = new Queue<double[]>();
        var trunk = start;
        for (var t = 0; t < Horizon && weight > 1e-14; t++, weight *= discount)
        {
            before.Enqueue(trunk);
            if (before.Count > length + 1) before.Dequeue();
            trunk = Next(trunk);
            var states = before.Peek();
            if (branch is not null)
                for (var step = Math.Min(t, length); step > 0; step--) states = branch.Next(states);
            else
                states = before.Last();
            sum += weight * (branch ?? this).MeanReward(states, rewards);
        }

        return sum;
    }

    /// <summary>max_t E_{s∼t, a∼π} D_TV(p(·|s, a), p′(·|s, a)), on this process's states and actions.</summary>
    public double TransitionError(double[] start, TabularProcess other)
    {
        var (largest, states) = (0.0, start);
        for (var t = 0; t < 300; t++, states = Next(states))
        {
            var mean = 0.0;
            for (var state = 0; state < States; state++)
                for (var action = 0; action < Actions; action++)
                    mean += states[state] * policy[state][action] * Distance(transition[state, action], other.Transition[state, action]);
            largest = Math.Max(largest, mean);
        }

        return largest;
    }

    /// <summary>The largest distance over all states and actions: an error that holds under every policy.</summary>
    public double LargestTransitionError(TabularProcess other) => Enumerable.Range(0, States * Actions)
        .Max(index => Distance(transition[index / Actions, index % Actions], other.Transition[index / Actions, index % Actions]));

    public double PolicyShift(TabularProcess other) => Enumerable.Range(0, States).Max(state => Distance(policy[state], other.Policy[state]));

    public double[] Next(double[] states)
    {
        var next = new double[States];
        for (var state = 0; state < States; state++)
            for (var action = 0; action < Actions; action++)
                for (var then = 0; then < States; then++) next[then] += states[state] * policy[state][action] * transition[state, action][then];
        return next;
    }

    public static double Distance(double[] one, double[] other) => one.Zip(other, (a, b) => Math.Abs(a - b)).Sum() / 2;

    // Some nearly certain, some even.
    public static double[] Distribution(Random random, int size)
    {
        var power = 1 + (8 * random.NextDouble());
        var weights = Enumerable.Range(0, size).Select(_ => Math.Pow(random.NextDouble(), power) + 1e-6).ToArray();
        return [.. weights.Select(weight => weight / weights.Sum())];
    }

    private static double[] Mixed(double[] one, double[] other, double share) => [.. one.Zip(other, (a, b) => ((1 - share) * a) + (share * b))];

    private double MeanReward(double[] states, double[,] rewards)
    {
        var mean = 0.0;
        for (var state = 0; state < States; state++)
            for (var action = 0; action < Actions; action++) mean += states[state] * policy[state][action] * rewards[state, action];
        return mean;
    }
}
