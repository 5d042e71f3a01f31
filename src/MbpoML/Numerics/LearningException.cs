namespace MbpoML.Numerics;

/// <summary>
/// Learning failed: a loss, a weight or a prediction is not a finite number, values exploded, or a variance collapsed. Going on would only spoil what was
/// learned.
/// </summary>
public sealed class LearningException : Exception
{
    /// <summary>A fault that nothing is known about.</summary>
    public LearningException()
    {
    }

    /// <summary>A fault with a message.</summary>
    /// <param name="message">What happened and what to do about it, in whole sentences.</param>
    public LearningException(string message)
        : base(message)
    {
    }

    /// <summary>A fault with a message and its cause.</summary>
    /// <param name="message">What happened and what to do about it, in whole sentences.</param>
    /// <param name="innerException">The exception that caused this one.</param>
    public LearningException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>A fault that was found in a number.</summary>
    /// <param name="quantity">The name of what is wrong, as in <see cref="Quantity"/>.</param>
    /// <param name="value">The value that was found; see <see cref="Value"/>.</param>
    /// <param name="message">What happened, when, likely causes, and what to do about them.</param>
    public LearningException(string quantity, double value, string message)
        : base(message)
    {
        Quantity = quantity;
        Value = value;
    }

    /// <summary>What is wrong: the name of a metric such as "policy/q-mean", or "weights of the actor"; empty where unknown.</summary>
    public string Quantity { get; } = "";

    /// <summary>The value that was found; NaN where unknown.</summary>
    public double Value { get; } = double.NaN;
}
