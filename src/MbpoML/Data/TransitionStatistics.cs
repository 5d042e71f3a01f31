using System.Globalization;
using MbpoML.Numerics;

namespace MbpoML.Data;

/// <summary>
/// Sizes, changes and rounding errors of the numbers of transitions, from the doubles that an environment gave. Adding a transition allocates nothing.
/// </summary>
/// <remarks>A number is one of [observation | action | reward], by its index in that order.</remarks>
internal sealed class TransitionStatistics
{
    // A number that is larger than this, compared with its changes, has an offset that can be subtracted.
    private const double Offset = 8;

    // Smaller changes, as parts of the number, are the arithmetic's own: of a number with an offset, and of one of order one.
    private const double LeastChange = 1e-12, LeastChangeNearOne = 1e-6;

    // Rounding counts as loss from this part of the whole range on, which is a resolution of some 60 steps, or from this part of the change of a step on.
    private const double PartOfRange = 0.005, PartOfChange = 0.5;

    private readonly int _observationSize;
    private readonly int _width;

    // One row for each quantity, so that all of it is one entry of a checkpoint.
    private readonly double[] _values;

    public TransitionStatistics(int observationSize, int actionSize)
    {
        (_observationSize, _width) = (observationSize, observationSize + actionSize + 1);
        _values = new double[Enum.GetValues<Row>().Length * _width];
        Of(Row.Low).Fill(double.PositiveInfinity);
        Of(Row.High).Fill(double.NegativeInfinity);
    }

    private enum Row
    {
        Low,
        High,
        Sum,
        Square,
        SquaredRounding,
        SquaredChange,
        SquaredChangeRounding,
    }

    /// <summary>The transitions added.</summary>
    public long Count { get; private set; }

    /// <summary>The number of the first dimension of the action.</summary>
    public int ActionOffset => _observationSize;

    /// <summary>All of it, for a checkpoint.</summary>
    public ReadOnlySpan<double> State => _values;

    /// <summary>Adds a transition, all of it in the environment's units.</summary>
    public void Add(ReadOnlySpan<double> observation, ReadOnlySpan<double> action, double reward, ReadOnlySpan<double> next)
    {
        Count++;
        for (var index = 0; index < _observationSize; index++)
        {
            var (from, to) = (observation[index], next[index]);
            Add(index, to);
            // The start of an episode is seen nowhere else.
            Of(Row.Low)[index] = Math.Min(Of(Row.Low)[index], from);
            Of(Row.High)[index] = Math.Max(Of(Row.High)[index], from);
            var (change, kept) = (to - from, (double)(float)to - (float)from);
            Of(Row.SquaredChange)[index] += change * change;
            Of(Row.SquaredChangeRounding)[index] += (kept - change) * (kept - change);
        }

        for (var index = 0; index < action.Length; index++) Add(_observationSize + index, action[index]);
        Add(_width - 1, reward);
    }

    /// <summary>Goes on from a state.</summary>
    /// <returns>False where it is none of these sizes.</returns>
    public bool Restore(ReadOnlySpan<double> state, long count)
    {
        if (state.Length != _values.Length || count < 0) return false;
        state.CopyTo(_values);
        Count = count;
        return true;
    }

    public double Low(int number) => Of(Row.Low)[number];

    public double High(int number) => Of(Row.High)[number];

    public double Mean(int number) => Of(Row.Sum)[number] / Count;

    public double RootMeanSquare(int number) => Math.Sqrt(Of(Row.Square)[number] / Count);

    /// <summary>What a number is called in messages.</summary>
    public string Name(int number) =>
        number == _width - 1 ? "the reward"
        : number < _observationSize ? string.Create(CultureInfo.InvariantCulture, $"observation {number}")
        : string.Create(CultureInfo.InvariantCulture, $"action {number - _observationSize}");

    /// <summary>Says of each number of which float32 keeps too little how large it is, how it changes, and what float32 holds there.</summary>
    /// <returns>Null where nothing is lost.</returns>
    public string? DescribeLoss() => MessageText.Join([.. Enumerable.Range(0, _width).Select(Loss).OfType<string>()]);

    private string? Loss(int number)
    {
        var (low, high) = (Low(number), High(number));
        var (size, range) = (Math.Max(Math.Abs(low), Math.Abs(high)), high - low);
        var least = size * (size > Offset ? LeastChange : LeastChangeNearOne);
        var change = Mean(Row.SquaredChange, number);
        var isCoarse = range > least && Mean(Row.SquaredRounding, number) > PartOfRange * range;
        var isBlurred = change > least && Mean(Row.SquaredChangeRounding, number) > PartOfChange * change;
        if (!isCoarse && !isBlurred) return null;
        var steps = number < _observationSize ? string.Create(CultureInfo.InvariantCulture, $" and changes by {change:g3} a step") : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"{Name(number)} is of the size {size:g4}{steps}, within a range of {range:g3}, where float32 holds steps of {Spacing(size):g3}");
    }

    /// <summary>The distance from a number to the next float32.</summary>
    public static double Spacing(double size) => MathF.BitIncrement((float)size) - (float)size;

    private double Mean(Row squares, int number) => Math.Sqrt(Of(squares)[number] / Count);

    private void Add(int number, double value)
    {
        Of(Row.Low)[number] = Math.Min(Of(Row.Low)[number], value);
        Of(Row.High)[number] = Math.Max(Of(Row.High)[number], value);
        Of(Row.Sum)[number] += value;
        Of(Row.Square)[number] += value * value;
        var rounding = (float)value - value;
        Of(Row.SquaredRounding)[number] += rounding * rounding;
    }

    private Span<double> Of(Row row) => _values.AsSpan((int)row * _width, _width);
}
